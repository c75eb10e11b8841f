import { expect, it } from 'vitest';
import { waitQuantiles } from '../../../lib/simulate/engine/wait-quantiles.ts';
import { createRandom } from '../../../lib/simulate/random.ts';
import { runScaler } from '../../../lib/simulate/run-scaler.ts';
import { drawJobs, type SimulatedJobs } from '../../../lib/simulate/simulated-jobs.ts';
import { exactWorld, fixedCount, setup } from './fixtures.ts';

/**
 * Goal: the engine is the queue that theory knows. Method: long runs against closed formulas for the mean wait.
 * Tasks are there from the start, so that nothing but queueing is measured.
 */
const world = { ...exactWorld, startDelay: { medianSeconds: 1, p95Seconds: 1, pullShare: 1 } };

const poisson = (count: number, rate: number, meanService: number, seed: number): SimulatedJobs => {
  const random = createRandom(seed);
  const arrivalSeconds = new Float64Array(count);
  const serviceSeconds = new Float32Array(count);
  let at = 0;
  for (let job = 0; job < count; job += 1) {
    at += random.exponential(rate);
    arrivalSeconds[job] = at;
    serviceSeconds[job] = random.exponential(1 / meanService);
  }
  return { count, arrivalSeconds, serviceSeconds, endSeconds: at, workSeconds: 0 };
};

/** Mean wait of M/M/c by Erlang's C formula. */
const erlangWait = (servers: number, offered: number, meanService: number): number => {
  let blocking = 1;
  for (let n = 1; n <= servers; n += 1) blocking = (offered * blocking) / (n + offered * blocking);
  const use = offered / servers;
  const waiting = blocking / (1 - use * (1 - blocking));
  return (waiting * meanService) / (servers - offered);
};

it.each([
  { servers: 1, use: 0.6 },
  { servers: 3, use: 0.75 },
  { servers: 12, use: 0.8 },
  { servers: 20, use: 0.8 },
])('M/M/$servers at $use waits as Erlang C says, within 3 %', ({ servers, use }) => {
  const meanService = 5;
  // Seeds 1 to 16 are off by −0.12 to −0.01 % on average in these cases (standard error 0.07 to 0.33 %): no bias.
  // One run alone is off by 0.3 to 1.3 % (standard deviation), so 3 % of the first seed says something.
  const jobs = poisson(3_000_000, (use * servers) / meanService, meanService, 1);
  const { waits } = runScaler(jobs, setup({ world }), fixedCount(servers));
  const expected = erlangWait(servers, use * servers, meanService);
  expect(Math.abs(waitQuantiles(waits).mean / expected - 1)).toBeLessThan(0.03);
});

it('slots of one task serve as tasks of one slot do', () => {
  const jobs = poisson(400_000, 2, 5, 4);
  const single = runScaler(jobs, setup({ world }), fixedCount(12));
  const wide = runScaler(jobs, setup({ world, concurrency: 4 }), fixedCount(3));
  expect(wide.waits).toEqual(single.waits);
});

it('drawn jobs with any spread wait as Pollaczek and Khinchine say, within 3 %', () => {
  const [rate, mean, cv] = [0.12, 5, 1.5];
  const buckets = [0, 1].map((i) => ({ second: i * 5e6, widthSeconds: 5e6, jobs: rate * 5e6 }));
  const jobs = drawJobs({ buckets, seed: 5, scale: 1, meanServiceSeconds: mean, serviceCv: cv });
  const use = rate * mean;
  const expected = (use / (1 - use)) * mean * ((1 + cv * cv) / 2);
  const { waits } = runScaler(jobs, setup({ world }), fixedCount(1));
  expect(Math.abs(waitQuantiles(waits).mean / expected - 1)).toBeLessThan(0.03);
});
