import { describe, expect, it } from 'vitest';
import { known } from '../../../lib/model/observation.ts';
import { compareShadow, type ShadowComparison } from '../../../lib/simulate/shadow/compare-shadow.ts';
import { meanServiceSeconds, plan, type Sees, watch } from './watched-fleet.ts';

/**
 * Goal: the model of the past agrees with the past. Method: a fleet whose outcome is known to the job is watched in
 * shadow; the log alone must lead back to it.
 */
const compared = (result: ReturnType<typeof compareShadow>): ShadowComparison => {
  if (typeof result === 'string') throw new Error(result);
  return result;
};

describe.each<[Sees, number | undefined]>([
  ['nothing', meanServiceSeconds],
  ['deletes', undefined],
  ['reports', undefined],
])('a log that sees %s', (sees, serviceSeconds) => {
  const { log, truth } = watch(sees);
  const result = compared(compareShadow(log, plan, { seed: 1, ...(serviceSeconds && { serviceSeconds }) }));

  it('leads back to the jobs, the run time and the task-hours', () => {
    expect(result.serviceSecondsFrom).toBe(sees === 'nothing' ? 'given' : sees);
    expect(Math.abs(result.jobs / truth.jobs.arrived - 1)).toBeLessThan(0.1);
    expect(Math.abs(result.serviceSeconds / meanServiceSeconds - 1)).toBeLessThan(0.15);
    expect(Math.abs(result.recorded.taskHours / (truth.billedSeconds / 3600) - 1)).toBeLessThan(0.05);
    expect(Math.abs(result.present.taskHours / (truth.billedSeconds / 3600) - 1)).toBeLessThan(0.05);
  });

  it('and to what the present autoscaler kept of the promise', () => {
    expect(100 * truth.attained).toBeLessThan(97);
    expect(Math.abs(result.present.attainedPercent - 100 * truth.attained)).toBeLessThan(4);
  });

  it('says what Sluice would have made of it', () => {
    expect(result.sluice.attainedPercent).toBeGreaterThan(result.present.attainedPercent);
    expect(result.sluice.attainedPercent).toBeGreaterThan(97);
    expect(result.recorded.wantedMorePercent).toBeGreaterThan(0);
    expect(result.recorded.wantedFewerPercent).toBeGreaterThan(0);
  });
});

describe('what cannot be compared', () => {
  const { log } = watch('nothing');

  it('is said: no run time, no jobs, no log', () => {
    expect(compareShadow(log, plan, { seed: 1 })).toBe('noServiceTime');
    expect(compareShadow(log.slice(0, 1), plan, { seed: 1, serviceSeconds: 1 })).toBe('tooShort');
    const quiet = log.map((record) => ({
      ...record,
      observation: {
        ...record.observation,
        queues: [{ name: 'convert', counts: known(0, { visible: 0, inFlight: 0, delayed: 0 }) }],
      },
    }));
    expect(compareShadow(quiet, plan, { seed: 1, serviceSeconds: 1 })).toBe('noJobs');
  });

  it('priors stand in, and that is a doubt', () => {
    const result = compared(compareShadow(log, { ...plan, priors: { serviceSeconds: 20 } }, { seed: 1 }));
    expect(result.doubts).toContainEqual(expect.stringContaining('comes from the config'));
  });

  it('a wrong run time shows in the backlog', () => {
    const result = compared(compareShadow(log, plan, { seed: 1, serviceSeconds: 2 }));
    expect(result.doubts).toContainEqual(expect.stringContaining('is probably wrong'));
  });

  it('a plan that allows less than there is, too', () => {
    const tight = { ...plan, tasks: { min: 0, max: 5 } };
    const result = compared(compareShadow(log, tight, { seed: 1, serviceSeconds: 20 }));
    expect(result.doubts).toContainEqual(expect.stringContaining('the plan allows 5 (tasks.max)'));
  });

  it('holes in the log are told', () => {
    const holed = log.filter((_, index) => index < 500 || index > 600);
    const result = compared(compareShadow(holed, plan, { seed: 1, serviceSeconds: 20 }));
    expect(result.doubts).toContainEqual(expect.stringMatching(/^1[67] minutes are missing/));
  });
});
