import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../lib/simulate/random.ts';
import { burstyDay, curveAt, dayLikeWorkload, type ServiceLoad, steadyDay } from '../../lib/simulate/workload.ts';

const thumbnails: ServiceLoad = {
  service: 'thumbnails',
  queue: 'thumbnails',
  jobsPerSecondPeak: 25,
  curve: burstyDay,
  serviceSeconds: { mean: 0.7, cv: 0.3, min: 0.3, max: 2 },
  payloadBytes: { mean: 16_384, cv: 1, min: 2048, max: 65_536 },
};
const encodes: ServiceLoad = {
  ...thumbnails,
  service: 'encodes',
  queue: 'encodes',
  jobsPerSecondPeak: 0.8,
  curve: steadyDay,
  serviceSeconds: { mean: 8, cv: 0.15, min: 6, max: 10 },
};
const day = (seed: number, services = [thumbnails, encodes]) => dayLikeWorkload({ seed, seconds: 120, services });

describe('a day-like workload', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(day(7)).toEqual(day(7));
    expect(day(7)).not.toEqual(day(8));
  });

  it('has jobs in order of time, inside the run, with ids of their own and times inside their bounds', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const jobs = day(seed);
        expect(new Set(jobs.map((job) => job.jobId)).size).toBe(jobs.length);
        jobs.forEach((job, i) => {
          expect(job.at).toBeGreaterThanOrEqual(jobs[i - 1]?.at ?? 0);
          expect(job.at).toBeLessThan(120);
          const bounds = job.service === 'encodes' ? encodes.serviceSeconds : thumbnails.serviceSeconds;
          expect(job.serviceSeconds).toBeGreaterThanOrEqual(bounds.min - 1e-3);
          expect(job.serviceSeconds).toBeLessThanOrEqual(bounds.max + 1e-3);
        });
      }),
      { numRuns: 20 },
    );
  });

  it('arrives as its curve says', () => {
    // 40 days, by tenths of the run: the mean of many Poisson counts.
    const days = Array.from({ length: 40 }, (_, seed) => day(seed, [thumbnails]));
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const seen = days.flat().filter((job) => Math.floor(job.at / 12) === tenth).length / 40;
      const steps = Array.from({ length: 240 }, (_, i) => curveAt(burstyDay, (tenth + (i + 0.5) / 240) / 10));
      const expected = (steps.reduce((sum, level) => sum + level, 0) / 240) * 25 * 12;
      expect(Math.abs(seen - expected)).toBeLessThan(4 * Math.sqrt((expected + 1) / 40));
    }
  });

  it('has a burst at least twice as high as the rest of the day, and a quiet end', () => {
    const jobs = day(3, [thumbnails]);
    const between = (from: number, to: number): number =>
      jobs.filter((job) => job.at >= from && job.at < to).length / (to - from);
    expect(between(46, 62)).toBeGreaterThan(2 * between(20, 31));
    expect(between(76, 86)).toBeLessThan(2);
    expect(between(88, 120)).toBe(0);
  });

  it('draws each service on its own: another service beside it changes nothing', () => {
    expect(day(5).filter((job) => job.service === 'encodes')).toEqual(day(5, [encodes]));
  });
});

describe('seeded chance', () => {
  const random = createRandom(11);
  const many = (draw: () => number): { readonly mean: number; readonly sd: number } => {
    const values = Array.from({ length: 20_000 }, draw);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { mean, sd: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) };
  };

  it.each([
    ['uniform', random.uniform, 0.5, Math.sqrt(1 / 12)],
    ['normal', random.normal, 0, 1],
    ['lognormal', () => random.lognormal(8, 0.5), 8, 4],
    ['exponential', () => random.exponential(4), 0.25, 0.25],
    ['poisson, small', () => random.poisson(3), 3, Math.sqrt(3)],
    ['poisson, large', () => random.poisson(900), 900, 30],
  ])('%s has its mean and deviation', (_name, draw, mean, sd) => {
    const seen = many(draw);
    expect(Math.abs(seen.mean - mean)).toBeLessThan(5 * (sd / Math.sqrt(20_000)));
    expect(Math.abs(seen.sd - sd)).toBeLessThan(0.05 * sd);
  });

  it('forks streams that do not depend on how much was drawn', () => {
    const a = createRandom(1);
    const before = a.fork('x').uniform();
    a.uniform();
    expect(a.fork('x').uniform()).toBe(before);
    expect(a.fork('y').uniform()).not.toBe(before);
  });

  it('differs between neighbouring seeds', () => {
    const firsts = new Set(Array.from({ length: 1000 }, (_, seed) => createRandom(seed).uniform()));
    expect(firsts.size).toBe(1000);
  });
});
