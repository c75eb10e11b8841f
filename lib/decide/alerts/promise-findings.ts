import type { Observation } from '../../model/observation.ts';
import type { Settings } from '../../model/plan.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import type { Finding } from './lasting.ts';
import { inHours, inMinutes, type WorkTally } from './work-tally.ts';

/** Fewer late jobs than this prove nothing. */
const leastLate = 5;
const fiveMinutes: Seconds = 300;
const hour: Seconds = 3600;
const day: Seconds = 86_400;
/** At this multiple of the allowed share, a fiftieth of a month's error budget is gone within an hour. */
const fastBurn = 14.4;
const fastBurnShareMax = 0.5;
/** A burst that `slo` is busy with is no news: after this time it has started what it can. */
const atRiskForSeconds: Seconds = 180;

/** What becomes of the promise: jobs that start late or will, and what that has cost of the error budget. */
export const promiseFindings = (
  settings: Settings,
  observation: Observation,
  tally: WorkTally,
  fleet: { readonly desired: number; readonly most: number },
  now: EpochSeconds,
): readonly Finding[] =>
  settings.queues.length === 0
    ? []
    : [atRisk(settings, observation, tally, fleet, now), budgetBurnt(settings, observation, tally, now)];

const atRisk = (
  settings: Settings,
  observation: Observation,
  tally: WorkTally,
  { desired, most }: { readonly desired: number; readonly most: number },
  now: EpochSeconds,
): Finding => {
  const base = { code: 'sloAtRisk', forSeconds: atRiskForSeconds };
  const wait = longestWait(settings, observation, tally, desired, now) ?? oldestWait(settings, observation);
  if (wait === undefined) return { ...base, judged: false };
  const { seconds, startWithinSeconds, where } = wait;
  if (seconds <= startWithinSeconds) return { ...base, judged: true };
  const text = `Jobs of ${settings.service}${where} start about ${Math.round(seconds)} s after they were sent, with ${desired} tasks; promised are ${startWithinSeconds} s.`;
  // At the ceiling nothing is left to be done about it.
  return { ...base, judged: true, found: { severity: desired >= most ? 'critical' : 'warning', text } };
};

interface Wait {
  readonly seconds: Seconds;
  readonly startWithinSeconds: Seconds;
  readonly where: string;
}

/** Where nobody knows how long a job runs: the age of the oldest one, if a policy reads it. */
const oldestWait = ({ queues }: Settings, { signals }: Observation): Wait | undefined => {
  const age = signals.oldestAgeSeconds;
  if (!age?.known) return undefined;
  return {
    seconds: age.value,
    startWithinSeconds: Math.max(...queues.map((one) => one.startWithinSeconds)),
    where: '',
  };
};

/**
 * How long the last job in each queue will have waited when the fleet comes to it, for the queue where that is the
 * greatest part of its promise. Queues with tighter promises go first. Undefined: counts or run time are unknown.
 */
const longestWait = (
  settings: Settings,
  { queues }: Observation,
  tally: WorkTally,
  desired: number,
  now: EpochSeconds,
) => {
  const runSeconds = meanRunSeconds(settings, tally, now);
  if (runSeconds === undefined) return undefined;
  const slots = Math.max(1, desired) * settings.worker.concurrency;
  let ahead = 0;
  let worst: Wait | undefined;
  for (const { name, startWithinSeconds } of settings.queues.toSorted(
    (a, b) => a.startWithinSeconds - b.startWithinSeconds,
  )) {
    const counts = queues.find((queue) => queue.name === name)?.counts;
    if (!counts?.known) return undefined;
    ahead += counts.value.visible;
    const seconds = (ahead * runSeconds) / slots;
    if (worst === undefined || seconds / startWithinSeconds > worst.seconds / worst.startWithinSeconds)
      worst = { seconds, startWithinSeconds, where: settings.queues.length > 1 ? ` in ${name}` : '' };
  }
  return worst;
};

const meanRunSeconds = ({ priors }: Settings, tally: WorkTally, now: EpochSeconds): Seconds | undefined => {
  const { completed, serviceSeconds } = inMinutes(tally, hour, now);
  return completed > 0 ? serviceSeconds / completed : priors?.serviceSeconds;
};

const budgetBurnt = (settings: Settings, observation: Observation, tally: WorkTally, now: EpochSeconds): Finding => {
  const base = { code: 'errorBudgetBurnt', forSeconds: 0, judged: observation.work.known };
  if (!observation.work.known) return base;
  const allowed = allowedShare(settings);
  const fast = Math.min(fastBurnShareMax, fastBurn * allowed);
  const [last5, lastHour, lastDay] = [
    inMinutes(tally, fiveMinutes, now),
    inMinutes(tally, hour, now),
    inHours(tally, day, now),
  ];
  const burns = (share: number, { started, late }: { readonly started: number; readonly late: number }): boolean =>
    late >= leastLate && late > share * started;
  if (burns(fast, lastHour) && last5.late > fast * last5.started)
    return { ...base, found: { severity: 'critical', text: lateText(settings, lastHour, 'hour') } };
  return burns(allowed, lastDay)
    ? { ...base, found: { severity: 'warning', text: lateText(settings, lastDay, '24 hours') } }
    : base;
};

const lateText = (
  settings: Settings,
  { started, late }: { readonly started: number; readonly late: number },
  stretch: string,
): string =>
  `${late} of the ${started} jobs of ${settings.service} in the last ${stretch} started late, ${percent(late / started)}; ${percent(allowedShare(settings))} may.`;

/** Late jobs are counted over all queues, so the most generous promise is the measure. */
const allowedShare = ({ queues }: Settings): number => Math.max(...queues.map(({ percent: kept }) => 1 - kept / 100));

const percent = (share: number): string => `${Number((100 * share).toFixed(share < 0.001 ? 3 : 1))} %`;
