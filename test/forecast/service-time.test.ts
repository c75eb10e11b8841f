import { describe, expect, it } from 'vitest';
import {
  estimateService,
  initialServiceTime,
  meanServiceSeconds,
  observeService,
  type ServiceTime,
} from '../../lib/forecast/service-time.ts';

/** Reports every 10 s of `slots` that are always busy with jobs of this length. */
const worked = (from: ServiceTime, slots: number, serviceSeconds: number, seconds: number): ServiceTime => {
  let belief = from;
  let carried = 0;
  for (let t = 0; t < seconds; t += 10) {
    carried += (slots * 10) / serviceSeconds;
    const completed = Math.floor(carried);
    carried -= completed;
    belief = observeService(belief, 10, slots * 10, completed, completed);
  }
  return belief;
};

describe('the mean run time', () => {
  it('is the prior before the first job, and what was seen soon after', () => {
    expect(meanServiceSeconds(initialServiceTime(7))).toBe(7);
    expect(meanServiceSeconds(worked(initialServiceTime(), 10, 4, 300))).toBeCloseTo(4, 0);
  });

  it('follows a slow-down within two reports when many slots show it', () => {
    const slowed = worked(worked(initialServiceTime(), 50, 1, 3600), 50, 10, 20);
    expect(meanServiceSeconds(slowed)).toBeGreaterThan(6);
    expect(meanServiceSeconds(slowed)).toBeLessThan(10.5);
  });

  it('does not take one long job for a slow-down', () => {
    const steady = worked(initialServiceTime(), 1, 5, 3600);
    const waiting = observeService(observeService(steady, 10, 10, 0, 0), 10, 10, 0, 0);
    expect(meanServiceSeconds(waiting)).toBeLessThan(12);
  });

  it('does not take a wave of jobs that has just begun for a slow-down, and believes one when they grow old', () => {
    const steady = worked(initialServiceTime(), 5, 60, 3600);
    let wave = observeService(steady, 10, 305 * 10, 300, 0);
    const after = [meanServiceSeconds(wave)];
    for (let i = 0; i < 17; i++) {
      wave = observeService(wave, 10, 305 * 10, 0, 0);
      after.push(meanServiceSeconds(wave));
    }
    expect(Math.max(...after.slice(0, 2))).toBeLessThan(90);
    expect(after.at(-1)).toBeGreaterThan(180);
  });

  it('learns that the length of jobs is unsteady', () => {
    let belief = initialServiceTime();
    for (let i = 0; i < 20; i++) belief = worked(worked(belief, 10, 1, 120), 10, 10, 120);
    expect(belief.dispersion).toBeGreaterThan(3);
    expect(worked(initialServiceTime(), 10, 5, 3600).dispersion).toBeLessThan(1.2);
  });

  it('is estimated from outside, by jobs in flight over deletes', () => {
    let belief = initialServiceTime(10);
    for (let i = 0; i < 120; i++) belief = estimateService(belief, 10, 8 * 10, (8 / 30) * 10);
    expect(meanServiceSeconds(belief)).toBeCloseTo(30, 0);
  });

  it('a tenfold ramp whose deletes are still to come does not double it', () => {
    let belief = initialServiceTime(10);
    for (let i = 0; i < 360; i++) belief = estimateService(belief, 10, 2 * 10, 2);
    for (let i = 0; i < 12; i++) belief = estimateService(belief, 10, 20 * 10, 2);
    // Ten times the jobs in flight, two minutes before the first of them is deleted: a mean of those minutes would say 100 s.
    expect(meanServiceSeconds(belief)).toBeLessThan(20);
  });
});
