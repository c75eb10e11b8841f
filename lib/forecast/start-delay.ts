import type { StartDelay } from '../model/state.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';

/** Fargate with an ordinary image: 35 s median, 75 s at the 95th percentile (facts: 20–60 s, minutes with large images). */
const priorMedianSeconds: Seconds = 35;
const priorP95Seconds: Seconds = 75;
const z95 = 1.6448536;
const priorSigma = Math.log(priorP95Seconds / priorMedianSeconds) / z95;
const priorWeight = 5;
const weightMax = 40;
/** A launch older than this was lost (the task failed and was replaced): it teaches nothing. */
const forgottenSeconds: Seconds = 1800;
/** Launches followed one by one. Of more than that at once the rest is known by its number only. */
export const launchesMax = 160;
/** Below this the spread is an artefact of ticks that see several starts at once. */
const varianceMin = 0.01;
/** The chance that all tasks that are needed at an instant are ready by then. */
const allReadyChance = 0.99;

export const initialStartDelay = (medianSeconds = priorMedianSeconds, p95Seconds = Number.NaN): StartDelay => {
  const sigma = p95Seconds > medianSeconds ? Math.log(p95Seconds / medianSeconds) / z95 : priorSigma;
  return { mu: Math.log(medianSeconds), variance: sigma * sigma, weight: priorWeight, launches: [], running: -1 };
};

/**
 * Follows launches one by one: a rise of the desired count is that many launches, a rise of the running count ends the
 * oldest ones, a smaller pipeline than remembered means that the youngest were cancelled.
 *
 * @param desired tasks asked for, now
 * @param running tasks that run, now; those on their way out included
 * @param elapsedSeconds since the last tick: a start is seen half of it late, on average
 */
export const observeStarts = (
  belief: StartDelay,
  now: EpochSeconds,
  elapsedSeconds: Seconds,
  desired: number,
  running: number,
): StartDelay => {
  let { mu, variance, weight } = belief;
  const serving = Math.min(running, desired);
  const starting = desired - serving;
  const becameReady = belief.running < 0 ? 0 : Math.max(0, serving - belief.running);
  const launches = belief.launches.slice();
  for (let i = 0; i < becameReady; i++) {
    const askedAt = launches.shift();
    if (askedAt === undefined) break;
    const delaySeconds = Math.max(1, now - askedAt - elapsedSeconds / 2);
    if (delaySeconds > forgottenSeconds) continue;
    const deviation = Math.log(delaySeconds) - mu;
    const share = 1 / (weight + 1);
    mu += share * deviation;
    variance = Math.max(varianceMin, variance + share * ((1 - share) * deviation * deviation - variance));
    weight = Math.min(weightMax, weight + 1);
  }
  if (launches.length > starting) launches.length = Math.max(0, starting);
  // What is asked for now was asked for at the last tick: a decision shows in the observation after it.
  const askedAt = now - elapsedSeconds;
  while (launches.length < Math.min(starting, launchesMax)) launches.push(askedAt);
  return { mu, variance, weight, launches, running: serving };
};

/** Chance that a launch is ready `seconds` after it was asked for. */
export const readyWithin = (belief: StartDelay, seconds: Seconds): number =>
  seconds <= 0 ? 0 : normalCdf((Math.log(seconds) - belief.mu) / Math.sqrt(belief.variance));

/** The delay that a share `q` of launches stays below. */
export const startDelayQuantile = (belief: StartDelay, z: number): Seconds =>
  Math.exp(belief.mu + z * Math.sqrt(belief.variance));

/** After this time all of `count` launches are ready with `allReadyChance`: the slowest of many is slower than one. */
export const secondsUntilReady = ({ mu, variance }: StartDelay, count: number): Seconds => {
  const chance = allReadyChance ** (1 / Math.max(1, count));
  let low = 0;
  let high = 6;
  for (let i = 0; i < 24; i++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < chance) low = middle;
    else high = middle;
  }
  return Math.exp(mu + high * Math.sqrt(variance));
};

/** Abramowitz and Stegun 26.2.17: good to 7.5e-8, far below what a start delay is known to. */
export const normalCdf = (x: number): number => {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const tail =
    0.3989422804014327 *
    Math.exp((-x * x) / 2) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return x >= 0 ? 1 - tail : tail;
};
