import type { BrakeMemory, BrakeSpan } from '../../model/state.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import type { ClosedDirection } from '../ruling.ts';
import { covering, type SpanSum, sumOf } from './brake-spans.ts';

/** One tick as the brake sees it. Undefined counts: not known at this tick. */
export interface BrakeInput {
  readonly now: EpochSeconds;
  readonly desired: number;
  readonly running: number;
  readonly visible: number | undefined;
  readonly inFlight: number | undefined;
  readonly work: { readonly completed: number; readonly failed: number; readonly busySlotSeconds: Seconds } | undefined;
  /** 95 of 100 tasks are ready within this. */
  readonly startSeconds: Seconds;
}

export interface Braked {
  readonly memory: BrakeMemory;
  readonly closed?: ClosedDirection;
}

export const initialBrake: BrakeMemory = { spans: [] };

/**
 * The ineffectiveness brake: while jobs wait, compares what the fleet completes now with what a clearly smaller fleet
 * completed before. More tasks that complete no more (a downstream limit, message groups, poison jobs, tasks that never
 * connect) are a cost without a use, so no further ones are started. It goes off by itself when completions rise or
 * the backlog falls; meanwhile it lets a few more
 * through three times, each time later, to see whether that has changed (jobs may just have become longer).
 *
 * It judges only over a stretch in which a start-up has long ended and each slot could have done several jobs, so that
 * a ramp of long jobs is not mistaken for one. It needs the workers' own counts.
 */
export const brake = (before: BrakeMemory, input: BrakeInput): Braked => {
  const spans = observeSpans(before.spans, input);
  const judgeSeconds = judgeSecondsOf(spans, input.startSeconds);
  if (before.on) return release(before.on, spans, judgeSeconds, input);
  const verdict = judgeSeconds === undefined ? undefined : judgeTwice(spans, judgeSeconds);
  if (verdict === undefined || judgeSeconds === undefined) return { memory: { spans } };
  const on = {
    at: input.now,
    rate: verdict.rate,
    visible: input.visible ?? 0,
    ceiling: input.desired,
    liftAt: input.now + firstLift * judgeSeconds,
    lifts: 0,
  };
  return { memory: { spans, on }, closed: closedAt(on, verdict.text) };
};

type On = NonNullable<BrakeMemory['on']>;

const leastJudgeSeconds: Seconds = 120;
/** So many times a start-up, and a job, before anything is concluded. */
const startUps = 3;
const jobs = 3;
/** Spans in a stretch, and spans kept: three stretches and the half that a finding must last. */
const spansPerStretch = 4;
const spansKept = 3.5 * spansPerStretch + 1;
/** A hole longer than this in what is known begins anew. */
const holeSeconds: Seconds = 600;
/** The smaller fleet had at most this share of the tasks. */
const smallerShare = 0.8;
/** Of what the added tasks should complete at least this share must be seen. */
const usefulShare = 0.35;
/** Standard deviations of counting noise that are granted to either side. */
const noise = 2;
/** Jobs that are so much longer than a limit downstream explains. */
const longerShare = 1.25;
const fewestEnded = 10;
const released = 1.12;
const liftShare = 0.25;
/** Part of a stretch until the first lift: where jobs only became longer, each minute of waiting breaks promises. */
const firstLift = 0.5;
const longestLiftSeconds: Seconds = 3600;
/** After that only completions or the backlog release it: trying for ever would be the runaway that it is there to stop. */
const mostLifts = 3;

/** Adds this tick to the span being filled, or to a new one. */
const observeSpans = (spans: readonly BrakeSpan[], input: BrakeInput): readonly BrakeSpan[] => {
  const { now, running, visible, inFlight, work, startSeconds } = input;
  const last = spans.at(-1);
  const end = last === undefined ? now : last[0] + last[1];
  if (now - end > holeSeconds) return [[now, 0, running, running, 0, 0, 0, visible ?? 0]];
  if (work === undefined || visible === undefined) return spans;
  if (last === undefined) return [[now, 0, running, running, 0, 0, 0, visible]];
  const elapsed = now - end;
  const busy = Math.max((inFlight ?? 0) * elapsed, work.busySlotSeconds);
  const ended = work.completed + work.failed;
  const stretch = judgeSecondsOf(spans, startSeconds) ?? leastJudgeSeconds;
  if (last[1] >= stretch / spansPerStretch) {
    const next: BrakeSpan = [end, elapsed, running, running, work.completed, ended, Math.round(busy), visible];
    return [...spans, next].slice(-spansKept);
  }
  const [from, seconds, fewest, most, completed, endedBefore, busyBefore, least] = last;
  const filled: BrakeSpan = [
    from,
    seconds + elapsed,
    Math.min(fewest, running),
    Math.max(most, running),
    completed + work.completed,
    endedBefore + ended,
    Math.round(busyBefore + busy),
    Math.min(least, visible),
  ];
  return [...spans.slice(0, -1), filled];
};

/** How long a stretch must be to tell anything. Undefined: jobs are under way and none ended yet, so nobody can say. */
const judgeSecondsOf = (spans: readonly BrakeSpan[], startSeconds: Seconds): Seconds | undefined => {
  const least = Math.max(leastJudgeSeconds, startUps * startSeconds);
  const { ended, busy } = sumOf(spans);
  if (busy <= 0) return least;
  return ended === 0 ? undefined : Math.max(least, (jobs * busy) / ended);
};

interface Verdict {
  /** Completed per second now. */
  readonly rate: number;
  readonly text: string;
}

/** The same must have been plain half a stretch ago: one unlucky stretch proves nothing. */
const judgeTwice = (spans: readonly BrakeSpan[], judgeSeconds: Seconds): Verdict | undefined =>
  judge(spans.slice(0, -spansPerStretch / 2), judgeSeconds) && judge(spans, judgeSeconds);

const judge = (spans: readonly BrakeSpan[], judgeSeconds: Seconds): Verdict | undefined => {
  const first = covering(spans, spans.length, judgeSeconds);
  if (first === undefined) return undefined;
  const now = sumOf(spans.slice(first));
  if (now.leastVisible <= 0 || now.fewest < 1) return undefined;
  const rate = now.completed / now.seconds;
  if (now.ended === 0 && now.busy === 0)
    return { rate, text: `No job was even taken within ${Math.round(now.seconds)} s by ${now.fewest} tasks.` };
  if (now.completed === 0 && now.ended >= fewestEnded)
    return { rate, text: `All ${now.ended} jobs of the last ${Math.round(now.seconds)} s failed.` };
  return compare(spans.slice(0, first), now, judgeSeconds);
};

/** Against each earlier stretch with clearly fewer tasks. */
const compare = (earlier: readonly BrakeSpan[], now: SpanSum, judgeSeconds: Seconds): Verdict | undefined => {
  for (let end = earlier.length; end > 0; end -= 1) {
    const first = covering(earlier, end, judgeSeconds);
    if (first === undefined) return undefined;
    const then = sumOf(earlier.slice(first, end));
    if (then.fewest < 1 || then.most > smallerShare * now.fewest) continue;
    const expected = 1 + usefulShare * (now.fewest / then.most - 1);
    const atLeast = (then.completed - noise * Math.sqrt(then.completed)) / then.seconds;
    const atMost = (now.completed + noise * Math.sqrt(now.completed)) / now.seconds;
    if (atMost >= atLeast * expected || jobsGrewFirst(earlier, then, now)) continue;
    const text = `${now.fewest} tasks complete ${perMinute(now)} jobs a minute; ${then.most} completed ${perMinute(then)}.`;
    return { rate: now.completed / now.seconds, text };
  }
  return undefined;
};

/**
 * Whether jobs had become longer before tasks became more. A downstream limit makes jobs longer in proportion to the
 * tasks that are added. Where they lie above that line, in the last span before the fleet grew or in the last one of a
 * clearly smaller fleet, they are longer by themselves, and the fleet grew because of them.
 */
const jobsGrewFirst = (earlier: readonly BrakeSpan[], then: SpanSum, now: SpanSum): boolean =>
  [then.most / smallerShare, smallerShare * now.fewest].some((tasks) => {
    const last = earlier.findLast(([, , , most]) => most <= tasks);
    if (last === undefined) return false;
    const before = sumOf([last]);
    // Of few jobs that ended, one long one is no change.
    const clearly = longerShare * (1 + 1 / Math.sqrt(Math.max(1, before.ended)));
    return secondsPerJob(before) > clearly * secondsPerJob(then) * Math.max(1, before.most / then.most);
  });

const secondsPerJob = ({ busy, ended }: SpanSum): Seconds => busy / Math.max(1, ended);

const perMinute = ({ completed, seconds }: { readonly completed: number; readonly seconds: Seconds }): string =>
  ((60 * completed) / seconds).toFixed(1);

const release = (on: On, spans: readonly BrakeSpan[], judgeSeconds: Seconds | undefined, input: BrakeInput): Braked => {
  if (input.visible !== undefined && input.visible <= on.visible / 2) return { memory: { spans: spans.slice(-1) } };
  const since = sumOf(spans.filter(([from]) => from >= on.at));
  if (since.completed >= fewestEnded && since.completed > released * on.rate * since.seconds)
    return { memory: { spans: spans.slice(-1) } };
  if (liftHelped(on, spans, input.startSeconds)) return { memory: { spans: spans.slice(-1) } };
  if (input.now < on.liftAt || on.lifts >= mostLifts) return { memory: { spans, on }, closed: closedAt(on) };
  const lifted: On = {
    ...on,
    ceiling: Math.max(on.ceiling, input.desired + Math.max(1, Math.ceil(input.desired * liftShare))),
    liftAt: input.now + Math.min(longestLiftSeconds, (judgeSeconds ?? longestLiftSeconds) * 2 ** (on.lifts + 1)),
    lifts: on.lifts + 1,
    liftedAt: input.now,
  };
  return { memory: { spans, on: lifted }, closed: closedAt(lifted) };
};

/** Whether the few that were let through complete more, clearly above chance, from when they were ready. */
const liftHelped = (on: On, spans: readonly BrakeSpan[], startSeconds: Seconds): boolean => {
  const { liftedAt } = on;
  if (liftedAt === undefined) return false;
  const since = sumOf(spans.filter(([from]) => from >= liftedAt + startSeconds));
  return since.completed - noise * Math.sqrt(since.completed) > released * on.rate * since.seconds;
};

const closedAt = (on: On, finding = 'More tasks complete no more jobs.'): ClosedDirection => ({
  code: 'ineffective',
  text: `${finding} Something else is the limit (downstream, message groups, poison jobs, a connection), so nothing is added beyond ${on.ceiling} tasks.`,
  upTo: on.ceiling,
});
