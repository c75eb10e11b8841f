import { BadInput } from '../../model/bad-input.ts';
import type { Seconds } from '../../model/units.ts';
import { concurrencyOf } from '../../simulate/history/concurrency-of.ts';
import { type Estimate, serviceSecondsOf } from '../../simulate/history/service-seconds-of.ts';
import { startDelayOf } from '../../simulate/history/start-delay-of.ts';
import { type SimulateOptions, startP95Factor } from '../simulate/options.ts';
import type { Past } from './open-past.ts';
import type { BacktestOptions } from './options.ts';

type Origin = 'given' | 'worked out' | 'assumed';

/** What the simulation needs to know, and whence it is known. */
export interface Estimates {
  readonly serviceSeconds: Estimate & { readonly from: 'given' | 'trace' | 'in flight ÷ deleted' };
  readonly concurrency: { readonly value: number; readonly from: Origin };
  readonly startSeconds: { readonly median: Seconds; readonly p95: Seconds; readonly from: Origin };
}

/** @throws BadInput when nobody can tell how long a job takes. */
export const settleEstimates = (options: BacktestOptions, past: Past): Estimates => ({
  serviceSeconds: serviceOf(options, past),
  concurrency: concurrencyFrom(options, past),
  startSeconds: startFrom(options, past),
});

export const withEstimates = (options: SimulateOptions, estimates: Estimates, past: Past): SimulateOptions => ({
  ...options,
  trace: past.label,
  concurrency: estimates.concurrency.value,
  startMedianSeconds: estimates.startSeconds.median,
  startP95Seconds: estimates.startSeconds.p95,
  startEpoch: past.from ?? options.startEpoch,
});

const serviceOf = ({ simulate }: BacktestOptions, past: Past): Estimates['serviceSeconds'] => {
  const known = simulate.serviceSeconds ?? past.traceServiceSeconds;
  if (known !== undefined)
    return { value: known, low: known, high: known, from: simulate.serviceSeconds === undefined ? 'trace' : 'given' };
  const estimate = past.history === undefined ? undefined : serviceSecondsOf(past.history);
  if (estimate === undefined) throw unknownRunTime(past.label);
  return { ...estimate, from: 'in flight ÷ deleted' };
};

const concurrencyFrom = ({ simulate, given }: BacktestOptions, past: Past): Estimates['concurrency'] => {
  if (given.concurrency) return { value: simulate.concurrency, from: 'given' };
  const value = past.history === undefined ? undefined : concurrencyOf(past.history);
  return value === undefined ? { value: simulate.concurrency, from: 'assumed' } : { value, from: 'worked out' };
};

const startFrom = ({ simulate, given }: BacktestOptions, past: Past): Estimates['startSeconds'] => {
  const { startMedianSeconds: median, startP95Seconds: p95 } = simulate;
  if (given.start) return { median, p95, from: 'given' };
  const mean = past.history === undefined ? undefined : startDelayOf(past.history);
  if (mean === undefined) return { median, p95, from: 'assumed' };
  const sigma = Math.log(startP95Factor) / 1.6448536;
  const ofMean = mean / Math.exp((sigma * sigma) / 2);
  return { median: ofMean, p95: startP95Factor * ofMean, from: 'worked out' };
};

const unknownRunTime = (label: string): BadInput =>
  new BadInput([
    {
      path: '--service-seconds',
      found: 'nothing',
      expected: `how long a job takes, since ${label} does not tell: neither run times, nor messages in flight and deleted`,
      mend: 'Try --service-seconds 5.',
    },
  ]);
