import { describe, expect, it } from 'vitest';
import { summarise } from '../../../lib/report/run/summary.ts';
import { decision, jobs, plan, runRecord, serviceRun } from './run-fixture.ts';

const slow = plan({
  service: 'reports',
  queues: [{ name: 'reports', percent: 99, startWithinSeconds: 30, fifo: false }],
});

describe('the summary of a run', () => {
  it('counts starts within the objective of their own queue, over all services', () => {
    const summary = summarise(
      runRecord({
        services: [
          serviceRun(),
          serviceRun({
            plan: slow,
            starts: [{ queue: 'reports', sentT: 0, waitSeconds: 29 }],
            jobs: jobs({ submitted: 1, done: 1 }),
          }),
        ],
      }),
    );
    expect(summary.slo).toEqual({ percent: 95, startWithinSeconds: 10, attainedPercent: 80 });
    expect(summary.services.thumbnails?.slo?.attainedPercent).toBe(75);
    expect(summary.services.reports?.slo).toEqual({ percent: 99, startWithinSeconds: 30, attainedPercent: 100 });
    expect(summary.jobs).toMatchObject({ submitted: 5, done: 5, lost: 0 });
  });

  it('counts lost and expired jobs as late', () => {
    const run = serviceRun({ jobs: jobs({ submitted: 8, done: 4, lost: 3, expired: 1 }) });
    expect(summarise(runRecord({ services: [run] })).slo?.attainedPercent).toBe(37.5);
  });

  it('says nothing of attainment before the first start', () => {
    const summary = summarise(runRecord({ services: [serviceRun({ starts: [], samples: [] })] }));
    expect(summary.slo?.attainedPercent).toBeNull();
    expect(summary.services.thumbnails?.waitSeconds).toEqual({ p50: null, p95: null, p99: null, max: null });
    expect(summary.tasks.peak).toBe(0);
  });

  it('never rounds a broken promise up to a kept one', () => {
    const starts = Array.from({ length: 100_000 }, (_, i) => ({
      queue: 'thumbnails',
      sentT: 0,
      waitSeconds: i === 0 ? 11 : 1,
    }));
    expect(summarise(runRecord({ services: [serviceRun({ starts })] })).slo?.attainedPercent).toBe(99.99);
  });

  it('takes the peak of all services at one time, not the sum of their peaks', () => {
    const sample = { t: 0, submitted: 0, waiting: 0, inFlight: 0, desired: 0, starting: 0, stopping: 0 };
    const running = (...counts: number[]) => counts.map((n, t) => ({ ...sample, t, running: n }));
    const services = [serviceRun({ samples: running(5, 0, 3) }), serviceRun({ plan: slow, samples: running(0, 5, 3) })];
    const summary = summarise(runRecord({ services }));
    expect(summary.tasks.peak).toBe(6);
    expect(summary.services.reports?.tasks.peak).toBe(5);
  });

  it('counts changes of the desired count as actions, not proposals in shadow mode', () => {
    const decisions = [decision(2, 0, 2), decision(4, 2, 2), decision(6, 2, 9, { shadow: true })];
    expect(summarise(runRecord({ services: [serviceRun({ decisions })] })).services.thumbnails?.scaling).toEqual({
      actions: 1,
      decisions: 3,
    });
  });

  it('bills each task for a minute at least and the static fleet for the whole run', () => {
    // One task lived 30 s (billed 60), one to the end at 130 s; the peak of 2 stands from 10 s to 130 s; 0.0001 USD a second.
    const service = summarise(runRecord()).services.thumbnails;
    expect(service?.tasks).toMatchObject({ taskSeconds: 160, billedTaskSeconds: 190, peak: 2, started: 2 });
    expect([service?.usd, service?.usdBySecond, service?.staticUsd]).toEqual([0.019, 0.016, 0.024]);
  });

  it.each([
    [{ meanCores: 0.4, peakCores: 0.9, limitCores: 1.2 }, false],
    [{ meanCores: 0.4, peakCores: 1.3, limitCores: 1.2 }, true],
  ])('marks a run whose workers took too much of the machine: %j', (cpu, over) =>
    expect(summarise(runRecord({ cpu })).run.cpuOver).toBe(over),
  );

  it.each([
    [{}, true],
    [{ interrupted: 'Ctrl-C' }, false],
    [{ problems: ['2 jobs are not accounted for.'] }, false],
  ])('says whether the run finished: %j', (changes, finished) =>
    expect(summarise(runRecord(changes)).run.finished).toBe(finished),
  );
});
