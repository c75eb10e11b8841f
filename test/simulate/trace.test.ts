import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTrace, traceSeconds } from '../../lib/simulate/trace-file.ts';
import { type TraceLoad, traceWorkload } from '../../lib/simulate/trace-workload.ts';

describe('a trace file', () => {
  it('is read with the width of each bucket', () => {
    const text = 'second,jobs,mean_service_s\r\n0,3,1.5\r\n60,0,\r\n180,2.5,4\r\n';
    const buckets = parseTrace(text, 'a.csv');
    expect(buckets).toEqual([
      { second: 0, jobs: 3, meanServiceSeconds: 1.5, widthSeconds: 60 },
      { second: 60, jobs: 0, widthSeconds: 120 },
      { second: 180, jobs: 2.5, meanServiceSeconds: 4, widthSeconds: 120 },
    ]);
    expect(traceSeconds(buckets)).toBe(300);
  });

  it('takes a mean service time of 0 for not known', () => {
    const buckets = parseTrace('second,jobs,mean_service_s\n0,3,1.5\n60,2,0', 'a.csv');
    expect(buckets[1]).toEqual({ second: 60, jobs: 2, widthSeconds: 60 });
  });

  it.each([
    ['', /a\.csv:1: found an empty line; expected the header "second,jobs"/],
    ['time,jobs\n0,1\n60,1', /a\.csv:1: found "time,jobs"/],
    ['second;jobs\n0;1\n60;1', /a\.csv:1: found "second;jobs"/],
    ['second,jobs\n0,1\n60,one', /a\.csv:3: found "60,one"; expected a number of jobs/],
    ['second,jobs\n0,1\n60,-1', /a\.csv:3: .*expected a number of jobs of 0 or more/],
    ['second,jobs\n0,1\n\n60,1\n60,2', /a\.csv:5: .*expected a second above 60/],
    ['second,jobs\n0,1\n60', /a\.csv:3: .*expected 2 or 3 values/],
    ['second,jobs,mean_service_s\n0,1,2\n60,1,-1', /a\.csv:3: .*expected a mean service time of 0 s or more/],
    ['second,jobs\n0,1', /a\.csv: found 1 row; expected at least 2 rows/],
    ['second,jobs\n0,0\n60,0', /a\.csv: found 0 jobs in all rows/],
  ])('%j is bad input', (text, message) => expect(() => parseTrace(text, 'a.csv')).toThrow(message));

  it('names a few bad rows and counts the rest', () => {
    const text = `second,jobs\n0,1\n${Array.from({ length: 20 }, (_, i) => `${i + 1},x`).join('\n')}`;
    expect(() => parseTrace(text, 'a.csv')).toThrow(/a\.csv:7: .*\n.*15 more bad rows/);
  });
});

describe('a trace scaled into a run', () => {
  const load: TraceLoad = {
    service: 'thumbnails',
    queue: 'thumbnails',
    slots: 32,
    serviceSeconds: { mean: 0.7, cv: 0.3, min: 0.3, max: 2 },
    payloadBytes: { mean: 16_384, cv: 1, min: 2048, max: 65_536 },
  };
  const csv = (jobs: readonly number[], width = 60): string =>
    `second,jobs\n${jobs.map((count, i) => `${i * width},${count}`).join('\n')}`;
  const scaled = (text: string, seed = 1) =>
    traceWorkload({ seed, seconds: 120, buckets: parseTrace(text, 'a.csv'), services: [load] });

  it('fills three quarters of the run and says both factors', () => {
    const run = scaled(csv([10, 20, 40, 20, 10, 5]));
    expect(run.timeFactor).toBe(4);
    // 20 s of the run carry the busiest bucket's 40 jobs: 2/s; 80 % of 32 slots at 0.7 s are 36.6/s.
    expect(run.countFactors.thumbnails).toBeCloseTo((0.8 * 32) / 0.7 / (40 / 15), 5);
    expect(run.summary).toBe('trace time runs 4 times as fast; job counts are scaled: thumbnails × 13.7');
    expect(Math.max(...run.jobs.map((job) => job.at))).toBeLessThan(90);
  });

  it('keeps the shape: each bucket has its share of the jobs', () => {
    const counts = [10, 20, 40, 20, 10, 5];
    const { jobs } = scaled(csv(counts));
    counts.forEach((count, i) => {
      const seen = jobs.filter((job) => Math.floor(job.at / 15) === i).length;
      const expected = (count * jobs.length) / 105;
      expect(Math.abs(seen - expected)).toBeLessThan(5 * Math.sqrt(expected));
    });
  });

  it('never asks for more than the fleet can carry, whatever the trace', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1000), { minLength: 2, maxLength: 400 }),
        fc.integer({ min: 1, max: 3600 }),
        (counts, width) => {
          fc.pre(counts.some((count) => count > 0));
          const { jobs } = scaled(csv(counts, width));
          const limit = ((0.8 * 32) / 0.7) * 10;
          for (let from = 0; from < 90; from += 1) {
            const window = jobs.filter((job) => job.at >= from && job.at < from + 10).length;
            expect(window).toBeLessThan(limit + 6 * Math.sqrt(limit));
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('makes jobs of slow buckets slower, within reason', () => {
    const text = 'second,jobs,mean_service_s\n0,100,1\n60,100,4000\n';
    const { jobs } = scaled(text);
    const mean = (from: number, to: number): number => {
      const some = jobs.filter((job) => job.at >= from && job.at < to).map((job) => job.serviceSeconds);
      return some.reduce((sum, value) => sum + value, 0) / some.length;
    };
    expect(mean(0, 45)).toBeLessThan(0.4);
    expect(mean(45, 90)).toBeGreaterThan(1.1);
    expect(Math.max(...jobs.map((job) => job.serviceSeconds))).toBeLessThanOrEqual(2);
  });
});
