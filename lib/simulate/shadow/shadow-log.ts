import { completionsSignal } from '../../decide/signals-needed.ts';
import type { DecisionRecord } from '../../model/decision.ts';
import type { ServicePlan } from '../../model/plan.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import type { TraceBucket } from '../trace-file.ts';

/** What a decision log tells of its own time, without any model. */
export interface ShadowLog {
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
  /** Arrivals minute by minute, from the start of the log. */
  readonly buckets: readonly TraceBucket[];
  readonly serviceSeconds: Seconds;
  readonly serviceSecondsFrom: 'given' | 'reports' | 'deletes' | 'priors';
  /** The count that was asked for so many seconds after the start, whoever did. */
  readonly desiredAt: (t: Seconds) => number;
  /** Jobs that waited then, as far as the counters knew. */
  readonly visibleAt: (t: Seconds) => number;
  readonly recorded: {
    readonly ticks: number;
    /** Of running and pending tasks. */
    readonly taskHours: number;
    /** Changes of the desired count. */
    readonly changes: number;
    readonly fewest: number;
    readonly most: number;
    readonly meanDesired: number;
    /** What Sluice wanted, each time from the count that was there. */
    readonly meanWanted: number;
    readonly wantedMorePercent: number;
    readonly wantedFewerPercent: number;
    readonly meanVisible: number;
    readonly gapSeconds: Seconds;
  };
}

/** A tick at which the counts were known. */
interface Seen {
  readonly at: EpochSeconds;
  /** How long it stands for. */
  readonly seconds: Seconds;
  readonly desired: number;
  readonly wanted: number;
  readonly tasks: number;
  readonly visible: number;
  readonly inFlight: number;
  /** Jobs of the ticks' own time, and slot-seconds spent on them. Absent: nobody told. */
  readonly completed?: number;
  readonly busySlotSeconds?: Seconds;
  readonly from?: 'reports' | 'deletes';
}

const bucketSeconds: Seconds = 60;
/** Fewer completed jobs than this tell no mean. */
const enoughJobs = 30;

export const shadowLog = (
  records: readonly DecisionRecord[],
  plan: ServicePlan,
  given?: Seconds,
): ShadowLog | 'noJobs' | 'noServiceTime' | 'tooShort' => {
  const { seen, gapSeconds } = seenIn(records, plan);
  const [first, second] = seen;
  const last = seen.at(-1);
  if (first === undefined || second === undefined || last === undefined) return 'tooShort';
  const service = serviceSecondsOf(seen, plan, given);
  if (service === undefined) return 'noServiceTime';
  const buckets = arrivals(seen, first.at, service.seconds);
  if (!buckets.some(({ jobs }) => jobs > 0)) return 'noJobs';
  return {
    from: first.at,
    to: last.at + last.seconds,
    buckets,
    serviceSeconds: service.seconds,
    serviceSecondsFrom: service.from,
    desiredAt: stepsOf(seen, first.at, ({ desired }) => desired),
    visibleAt: stepsOf(seen, first.at, ({ visible }) => visible),
    recorded: recordedOf(seen, gapSeconds),
  };
};

const seenIn = (
  records: readonly DecisionRecord[],
  { tickSeconds }: ServicePlan,
): { readonly seen: readonly Seen[]; readonly gapSeconds: Seconds } => {
  const seen: Seen[] = [];
  let gapSeconds = 0;
  records.forEach((record, index) => {
    const { now, queues, service, work, signals } = record.observation;
    const next = records[index + 1]?.observation.now ?? now + tickSeconds;
    const seconds = next - now;
    if (seconds > 300) gapSeconds += seconds;
    if (!service.known) return;
    let [visible, inFlight] = [0, 0];
    for (const { counts } of queues) {
      if (!counts.known) return;
      visible += counts.value.visible + counts.value.delayed;
      inFlight += counts.value.inFlight;
    }
    const deletes = signals[completionsSignal];
    seen.push({
      at: now,
      seconds,
      desired: service.value.desired,
      wanted: record.decision.kind === 'hold' ? service.value.desired : record.decision.desired,
      tasks: service.value.running + service.value.pending,
      visible,
      inFlight,
      ...(work.known
        ? { completed: work.value.completed, busySlotSeconds: work.value.busySlotSeconds, from: 'reports' as const }
        : deletes?.known
          ? { completed: deletes.value * seconds, busySlotSeconds: inFlight * seconds, from: 'deletes' as const }
          : {}),
    });
  });
  return { seen, gapSeconds };
};

const serviceSecondsOf = (
  seen: readonly Seen[],
  { priors }: ServicePlan,
  given: Seconds | undefined,
): { readonly seconds: Seconds; readonly from: ShadowLog['serviceSecondsFrom'] } | undefined => {
  if (given !== undefined) return { seconds: given, from: 'given' };
  for (const from of ['reports', 'deletes'] as const) {
    const told = seen.filter((one) => one.from === from);
    const completed = told.reduce((sum, one) => sum + (one.completed ?? 0), 0);
    const busy = told.reduce((sum, one) => sum + (one.busySlotSeconds ?? 0), 0);
    if (completed >= enoughJobs && busy > 0) return { seconds: busy / completed, from };
  }
  return priors?.serviceSeconds === undefined ? undefined : { seconds: priors.serviceSeconds, from: 'priors' };
};

/**
 * All jobs ever completed and all that wait or run now grow together by what arrives. The counters are approximate, so
 * only a new high counts. Where nobody tells what was completed, it is what was in flight over the run time.
 */
const arrivals = (seen: readonly Seen[], start: EpochSeconds, serviceSeconds: Seconds): readonly TraceBucket[] => {
  const end = (seen.at(-1)?.at ?? start) + (seen.at(-1)?.seconds ?? 0);
  const jobs = new Array<number>(Math.max(1, Math.ceil((end - start) / bucketSeconds))).fill(0);
  let completed = 0;
  let high = 0;
  for (const one of seen) {
    // A report speaks of the time before its tick, an estimate of the time after it.
    if (one.from === 'reports') completed += one.completed ?? 0;
    const sum = completed + one.visible + one.inFlight;
    const bucket = Math.floor((one.at - start) / bucketSeconds);
    if (sum > high) {
      jobs[bucket] = (jobs[bucket] ?? 0) + sum - high;
      high = sum;
    }
    if (one.from !== 'reports') completed += one.completed ?? (one.inFlight * one.seconds) / serviceSeconds;
  }
  return jobs.map((count, index) => ({ second: index * bucketSeconds, widthSeconds: bucketSeconds, jobs: count }));
};

const stepsOf = (
  seen: readonly Seen[],
  start: EpochSeconds,
  value: (one: Seen) => number,
): ((t: Seconds) => number) => {
  let index = 0;
  return (t) => {
    const at = start + t;
    if ((seen[index]?.at ?? 0) > at) index = 0;
    while ((seen[index + 1]?.at ?? Number.POSITIVE_INFINITY) <= at) index += 1;
    const one = seen[index];
    return one ? value(one) : 0;
  };
};

const recordedOf = (seen: readonly Seen[], gapSeconds: Seconds): ShadowLog['recorded'] => {
  const seconds = seen.reduce((sum, one) => sum + one.seconds, 0);
  const mean = (value: (one: Seen) => number): number =>
    seen.reduce((sum, one) => sum + value(one) * one.seconds, 0) / Math.max(1e-9, seconds);
  const desired = seen.map((one) => one.desired);
  return {
    ticks: seen.length,
    taskHours: (mean((one) => one.tasks) * seconds) / 3600,
    changes: desired.filter((count, index) => index > 0 && count !== desired[index - 1]).length,
    fewest: desired.reduce((a, b) => Math.min(a, b)),
    most: desired.reduce((a, b) => Math.max(a, b)),
    meanDesired: mean((one) => one.desired),
    meanWanted: mean((one) => one.wanted),
    wantedMorePercent: 100 * mean((one) => (one.wanted > one.desired ? 1 : 0)),
    wantedFewerPercent: 100 * mean((one) => (one.wanted < one.desired ? 1 : 0)),
    meanVisible: mean((one) => one.visible),
    gapSeconds,
  };
};
