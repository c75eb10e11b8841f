import type { Seconds } from '../../lib/model/units.ts';
import { createRandom } from '../../lib/simulate/random.ts';
import { addTotals, noTotals, type WorkTotals } from '../../lib/worker/beacon/work-totals.ts';
import { createWorker, type Worker, type WorkerParts } from '../../lib/worker/create-worker.ts';
import { type JobHandlers, singleHandler } from '../../lib/worker/handlers/job-handlers.ts';
import type { JobHandler } from '../../lib/worker/job.ts';
import type { BeatOutcome, JobLifecycle } from '../../lib/worker/ports.ts';
import type { OnceOf } from '../../lib/worker/records/once-of.ts';
import type { JobLine, LifeLine } from '../../lib/worker/worker-log.ts';
import type { WorkerSettings } from '../../lib/worker/worker-settings.ts';
import { createFakeAgent, type FakeAgent } from './fake-agent.ts';
import { createFakeMarks, type FakeMarks } from './fake-marks.ts';
import { createFakeQueue, deadUrl, type FakeQueue, fakeUrl } from './fake-queue.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** A worker in a world where time is virtual and SQS, DynamoDB and ECS are in memory. */
export interface WorkerWorld {
  readonly clock: VirtualClock;
  readonly queue: FakeQueue;
  readonly agent: FakeAgent;
  readonly marks: FakeMarks;
  readonly worker: Worker;
  /** What the table holds. */
  totals(): WorkTotals;
  readonly beats: readonly { readonly at: number; readonly totals: WorkTotals }[];
  answerBeats(outcome: BeatOutcome, applied?: boolean): void;
  jobLines(): readonly JobLine[];
  events(): readonly string[];
  /** Log lines of one kind. */
  lines(event: string): readonly (JobLine | LifeLine)[];
  /** True when `run` has resolved. */
  readonly ended: boolean;
}

export interface WorldOptions {
  readonly maxReceiveCount?: number;
  readonly createdAt?: number;
  readonly lifecycle?: JobLifecycle;
  readonly once?: OnceOf;
  /** Instead of the one handler. */
  readonly handlers?: (clock: VirtualClock) => JobHandlers;
  readonly resolveBody?: WorkerParts['resolveBody'];
  readonly readMemory?: WorkerParts['readMemory'];
  readonly collectGarbage?: () => void;
  /** Other workers on the same queue. */
  readonly beside?: WorkerWorld;
  /** False: no state table. */
  readonly marks?: boolean;
}

export const startWorld = async (
  handler: (clock: VirtualClock) => JobHandler,
  settings: Partial<WorkerSettings> = {},
  options: WorldOptions = {},
): Promise<WorkerWorld> => {
  const { beside } = options;
  const clock = beside?.clock ?? createVirtualClock();
  const queue = beside?.queue ?? createFakeQueue(clock, options.maxReceiveCount);
  const marks = beside?.marks ?? createFakeMarks();
  const agent = createFakeAgent(clock, options.createdAt);
  const random = createRandom(1);
  const lines: (JobLine | LifeLine)[] = [];
  const beats: { at: number; totals: WorkTotals }[] = [];
  let held = noTotals;
  let beatAnswer: { readonly outcome: BeatOutcome; readonly applied: boolean } = { outcome: 'applied', applied: true };
  let ended = false;

  const worker = createWorker({
    settings: { ...defaults, ...settings },
    handlers: options.handlers?.(clock) ?? singleHandler(handler(clock), { ...defaults, ...settings }),
    marks: options.marks === false ? undefined : marks,
    lifecycle: options.lifecycle,
    once: options.once,
    resolveBody: options.resolveBody,
    readMemory: options.readMemory,
    ...(options.collectGarbage === undefined ? {} : { collectGarbage: options.collectGarbage }),
    queues: queue,
    beacon: {
      add: async (totals, at) => {
        beats.push({ at, totals });
        if (beatAnswer.applied) held = addTotals(held, totals);
        return beatAnswer.outcome;
      },
    },
    agent,
    clock,
    uniform: random.uniform,
    log: (line) => lines.push(line),
  });
  void worker.run().then(() => {
    ended = true;
  });
  await clock.advance(0);
  return {
    clock,
    queue,
    agent,
    marks,
    worker,
    beats,
    totals: () => held,
    answerBeats: (outcome, applied = outcome === 'applied') => {
      beatAnswer = { outcome, applied };
    },
    jobLines: () => lines.filter((line): line is JobLine => line.sluice === 'job'),
    lines: (event) => lines.filter((line) => line.sluice === event),
    events: () => lines.map((line) => line.sluice),
    get ended() {
      return ended;
    },
  };
};

const defaults: WorkerSettings = {
  service: 'convert',
  table: 'sluice',
  queues: [{ name: 'jobs', url: fakeUrl, startWithinSeconds: 10, fifo: false, deadLetterUrl: deadUrl }],
  concurrency: 2,
  stopTimeoutSeconds: 30,
  beatSeconds: 10,
  signalSeconds: 60,
  retrySeconds: 60,
  retries: 3,
  protectionLingerSeconds: 5,
  protectionExpiryMinutes: 10,
};

/** A handler that works for so long, and heeds its signal only when told to. */
export const works =
  (seconds: Seconds, heeds = true): ((clock: VirtualClock) => JobHandler) =>
  (clock) =>
  async (_job, { signal }) => {
    await clock.sleep(seconds, heeds ? signal : undefined);
    if (heeds) signal.throwIfAborted();
  };
