import { describe, expect, it } from 'vitest';
import { unrestOf } from '../../../lib/cli/start/unrest.ts';
import type { JobCounts } from '../../../lib/model/job-counts.ts';
import type { ServicePlan } from '../../../lib/model/plan.ts';
import type { ServiceSample } from '../../../lib/report/run/run-record.ts';
import { jobs, plan, startedAt } from '../../report/run/run-fixture.ts';

const binding = (changes: Partial<ServicePlan> = {}) => ({
  plan: plan(changes),
  shard: '0',
  cluster: 'c',
  ecsService: 's',
  queues: [],
});
const tasks = (desired: number, running: number): ServiceSample => ({
  t: 0,
  submitted: 0,
  waiting: 0,
  inFlight: 0,
  desired,
  running,
  starting: 0,
  stopping: 0,
});

describe('what keeps a service from rest', () => {
  it.each<[string, JobCounts | undefined, ServiceSample | undefined, Partial<ServicePlan>, readonly string[]]>([
    ['nothing', jobs({ submitted: 3, done: 2, failed: 1 }), tasks(0, 0), {}, []],
    ['a job', jobs({ queued: 1 }), tasks(0, 0), {}, ['thumbnails: 1 job is not finished.']],
    ['jobs', jobs({ queued: 1, running: 2 }), tasks(0, 0), {}, ['thumbnails: 3 jobs are not finished.']],
    ['a task that still stops', jobs(), tasks(0, 1), {}, ['thumbnails: 1 task running, 0 desired; the minimum is 0.']],
    [
      'more than its minimum',
      jobs(),
      tasks(3, 2),
      { tasks: { min: 2, max: 9 } },
      ['thumbnails: 2 tasks running, 3 desired; the minimum is 2.'],
    ],
    [
      'not yet its minimum',
      jobs(),
      tasks(2, 1),
      { tasks: { min: 2, max: 9 } },
      ['thumbnails: 1 task running, 2 desired; the minimum is 2.'],
    ],
    ['tasks nobody scales', jobs(), tasks(5, 5), { mode: 'shadow' }, []],
    ['not knowing', undefined, undefined, {}, ['thumbnails: its tasks could not be counted.']],
  ])('%s', (_, counts, sample, changes, reasons) =>
    expect(unrestOf(binding(changes), counts, sample, startedAt)).toEqual(reasons),
  );

  it('does not wait for scale-in that takes minutes, but for the tasks that are wanted', () => {
    const { behavior } = plan({});
    const patient = { behavior: { ...behavior, scaleIn: { ...behavior.scaleIn, stabilizationSeconds: 300 } } };
    expect(unrestOf(binding(patient), jobs(), tasks(5, 5), startedAt)).toEqual([]);
    expect(unrestOf(binding(patient), jobs(), tasks(5, 3), startedAt)).toHaveLength(1);
  });

  it('goes by the minimum that holds now', () => {
    const schedule = [{ name: 'night', days: 'every', tasks: { min: 2 } }] as const;
    expect(unrestOf(binding({ schedule }), jobs(), tasks(2, 2), startedAt)).toEqual([]);
  });
});
