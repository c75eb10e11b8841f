import type { EpochSeconds } from '../../model/units.ts';
import type { Clock } from '../clock.ts';
import type { QueuePort, ReceivedMessage } from '../ports.ts';
import type { Slots } from '../slots.ts';
import type { Protection } from '../task/protection.ts';
import { errorText, type LifeLog } from '../worker-log.ts';
import { idleWaitSeconds, pollOrder, type WorkerQueue } from './poll-order.ts';
import { callRetrySeconds } from './retry-delay.ts';
import type { VisibilityPlan } from './visibility-plan.ts';

/** SQS gives at most 10 messages a call. */
const receiveMax = 10;
/** Calls at a time while a queue keeps giving all that it is asked for: a call's round trip would bound the jobs a second. */
const parallelReceivesMax = 8;

export interface ReceiveLoopParts {
  readonly watched: readonly WorkerQueue[];
  readonly queues: QueuePort;
  readonly slots: Slots;
  readonly protection: Protection;
  readonly clock: Clock;
  readonly uniform: () => number;
  readonly log: LifeLog;
  readonly visibility: () => VisibilityPlan;
  /** Makes a message that was not begun visible again at once. Never rejects. */
  readonly giveBack: (queue: WorkerQueue, message: ReceivedMessage) => Promise<void>;
  /** Takes over a message and its slot. */
  readonly start: (queue: WorkerQueue, message: ReceivedMessage, plan: VisibilityPlan) => void;
  /** Kept up to date here, for the health probes. */
  readonly vitals: LoopVitals;
}

export interface LoopVitals {
  /** The loop has begun. */
  started: boolean;
  /** When it last began a round. */
  at: EpochSeconds;
  /** That takes as long as jobs take. */
  waitingForSlot: boolean;
  /** Every queue failed at its last poll. */
  queuesUnreadable: boolean;
}

/**
 * One loop for all queues: asks for as many messages as slots are free. While queues have work they are polled
 * shortly, most urgent first; after a round that found nothing the polls wait. A queue that cannot be read pauses
 * alone, with growing pauses.
 */
export const receiveLoop = async (parts: ReceiveLoopParts, stopping: AbortSignal): Promise<void> => {
  const { watched, slots, protection, clock, vitals } = parts;
  const pauses = new Map<string, Pause>();
  const backlogged = new Set<string>();
  const idleWait = idleWaitSeconds(watched);
  // A single queue is polled long at once: a long poll returns as soon as there is something.
  let waitSeconds = watched.length === 1 ? idleWait : 0;

  for (let round = 0; !stopping.aborted; round += 1) {
    vitals.waitingForSlot = slots.free === 0;
    await slots.whenFree(stopping);
    Object.assign(vitals, { started: true, at: clock.now(), waitingForSlot: false });
    vitals.queuesUnreadable = watched.every((queue) => pauses.has(queue.url));
    if (protection.blocked) await protection.recover(stopping);
    if (stopping.aborted) return;

    const ready = watched.filter((queue) => (pauses.get(queue.url)?.until ?? 0) <= clock.now());
    if (ready.length === 0) {
      await clock.sleep(Math.max(0.01, earliest(pauses) - clock.now()), stopping);
      continue;
    }
    const found = await pollUntilFound(parts, pollOrder(ready, round), waitSeconds, pauses, backlogged, stopping);
    if (watched.length > 1) waitSeconds = found ? 0 : idleWait;
  }
};

interface Pause {
  readonly until: EpochSeconds;
  readonly failures: number;
}

const earliest = (pauses: ReadonlyMap<string, Pause>): EpochSeconds =>
  Math.min(...[...pauses.values()].map((pause) => pause.until));

/** Asks the queues one after the other and takes what the first non-empty one gives. */
const pollUntilFound = async (
  parts: ReceiveLoopParts,
  order: readonly WorkerQueue[],
  waitSeconds: number,
  pauses: Map<string, Pause>,
  backlogged: Set<string>,
  stopping: AbortSignal,
): Promise<boolean> => {
  for (const queue of order) {
    if (stopping.aborted) return false;
    try {
      const found = await receiveFrom(parts, queue, waitSeconds, backlogged.has(queue.url), stopping);
      pauses.delete(queue.url);
      if (found.full) backlogged.add(queue.url);
      else backlogged.delete(queue.url);
      if (found.messages > 0) return true;
    } catch (error) {
      if (stopping.aborted) return false;
      const failures = (pauses.get(queue.url)?.failures ?? 0) + 1;
      pauses.set(queue.url, { until: parts.clock.now() + callRetrySeconds(failures, parts.uniform), failures });
      parts.log('receiveFailed', { queue: queue.name, failures, error: errorText(error) });
    }
  }
  return false;
};

/**
 * Asks a queue for as many messages as slots are free: in one call, or in several at a time where the last round was
 * full. Only the first of them waits; the others would hold it up when the queue has run dry.
 */
const receiveFrom = async (
  parts: ReceiveLoopParts,
  queue: WorkerQueue,
  waitSeconds: number,
  backlogged: boolean,
  stopping: AbortSignal,
): Promise<{ readonly messages: number; readonly full: boolean }> => {
  const plan = parts.visibility();
  const calls = receiveSizes(parts.slots.free, backlogged);
  const receive = async (max: number, index: number): Promise<number> => {
    const request = { max, waitSeconds: index === 0 ? waitSeconds : 0, visibilitySeconds: plan.timeoutSeconds };
    const messages = await parts.queues.receive(queue.url, request, stopping);
    if (messages.length > 0) await accept(parts, queue, messages, plan, stopping);
    return messages.length;
  };
  const received = await Promise.allSettled(calls.map(receive));
  const messages = received.reduce((sum, one) => sum + (one.status === 'fulfilled' ? one.value : 0), 0);
  const failure = received.find((one) => one.status === 'rejected');
  // What the other calls brought is under way already.
  if (failure !== undefined && messages === 0) throw failure.reason;
  return { messages, full: messages === calls.reduce((sum, max) => sum + max, 0) };
};

/** How many messages each call asks for. */
export const receiveSizes = (free: number, backlogged: boolean): readonly number[] => {
  const calls = backlogged ? Math.min(parallelReceivesMax, Math.ceil(free / receiveMax)) : 1;
  return Array.from({ length: calls }, (_, i) => Math.min(receiveMax, free - i * receiveMax));
};

const accept = async (
  parts: ReceiveLoopParts,
  queue: WorkerQueue,
  messages: readonly ReceivedMessage[],
  plan: VisibilityPlan,
  stopping: AbortSignal,
): Promise<void> => {
  parts.slots.take(messages.length);
  if ((await parts.protection.ensure()) && !stopping.aborted) {
    for (const message of messages) parts.start(queue, message, plan);
    return;
  }
  await Promise.all(messages.map((message) => parts.giveBack(queue, message)));
  parts.slots.giveBack(messages.length);
};
