import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoJobStore } from '../../lib/jobs/dynamo-job-store.ts';
import { type Begun, type Delivery, type JobLife, jobLife, type Success } from '../../lib/jobs/job-life.ts';
import { attributesOf, bodyOf, type JobSender } from '../../lib/jobs/job-sender.ts';
import { payloadBucket } from '../../lib/jobs/payload-bucket.ts';
import { submitJob } from '../../lib/jobs/submit-job.ts';
import type { WorkflowParts } from '../../lib/jobs/workflow/start-workflow.ts';
import { dynamoWorkflowStore } from '../../lib/jobs/workflow/workflow-store.ts';
import type { JobRecord } from '../../lib/model/job-record.ts';
import { MemoryDynamo } from './dynamo/memory-dynamo.ts';

/** The process dies at one of its calls to the cloud: before it arrives, or after, with the answer lost. */
export class Crash extends Error {}
export interface CrashAt {
  readonly step: number;
  readonly when: 'before' | 'after';
}

interface Message {
  readonly delivery: Delivery;
  deleted: boolean;
}

/**
 * A world of one process at a time: real adapters on a table in memory, a queue in memory that delivers again what was not
 * deleted. `crash` names the one call at which the process dies; the next one goes on in its place.
 */
export class CrashWorld {
  now = 1000;
  readonly messages: Message[] = [];
  readonly dead: Message[] = [];
  /** Job ids in the order in which handlers ran. */
  readonly runs: string[] = [];
  crashes = 0;
  #steps = 0;
  #dead = false;
  readonly #crash: CrashAt | undefined;
  readonly #table = new MemoryDynamo();
  readonly #handler: (record: JobRecord) => Success | 'retry' | 'fail';

  constructor(crash: CrashAt | undefined, handler: (record: JobRecord) => Success | 'retry' | 'fail') {
    this.#crash = crash;
    this.#handler = handler;
  }

  get steps(): number {
    return this.#steps;
  }

  /** A new process. */
  parts(): WorkflowParts {
    this.#dead = false;
    return this.#partsOn(this.#dying(this.#table.client));
  }

  /** For looking at the world from outside: never dies. */
  seen(): WorkflowParts {
    return this.#partsOn(this.#table.client);
  }

  #partsOn(dynamo: DynamoDBClient): WorkflowParts {
    const store = new DynamoJobStore({
      dynamo,
      table: 'jobs',
      bucket: payloadBucket(undefined, undefined),
    });
    const sender: JobSender = {
      send: (record) => this.#step(async () => this.put(record)),
    };
    return { store, sender, workflows: dynamoWorkflowStore(dynamo, 'jobs') };
  }

  put(record: JobRecord): void {
    this.now += 0.001;
    const attributes = attributesOf(record);
    const delivery: Delivery = {
      tenant: attributes.tenant?.StringValue ?? '-',
      jobId: attributes.jobId?.StringValue ?? '',
      type: attributes.jobType?.StringValue ?? '',
      queue: record.queue,
      body: bodyOf(record.payload),
      messageId: `m${this.messages.length}`,
      messageSentAt: this.now,
    };
    this.messages.push({ delivery, deleted: false });
  }

  /** Does it, and again after a crash, as a client or a sweeper would. */
  async untilDone(what: (parts: WorkflowParts) => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        await what(this.parts());
        return;
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
      }
    }
  }

  submit(job: Parameters<typeof submitJob>[2]): Promise<void> {
    return this.untilDone(({ store, sender }) => submitJob(store, sender, job, this.now));
  }

  /** Delivers until nothing is left. `twice`: SQS delivers every message once more, after it was deleted. */
  async drain({ twice = false } = {}): Promise<void> {
    for (let rounds = 0; rounds < 500; rounds += 1) {
      const message = this.messages.find(({ deleted }) => !deleted);
      if (message === undefined) return;
      // Long enough for a second message to get its turn after the first one's worker died.
      this.now += 20;
      await this.#deliver(message);
      if (twice && message.deleted) await this.#deliver(message);
    }
    throw new Error('the queue does not get empty');
  }

  async #deliver(message: Message): Promise<void> {
    try {
      await this.#work(jobLife(this.parts()), message);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }

  async #work(life: JobLife, message: Message): Promise<void> {
    const begun: Begun = await life.begin(message.delivery, this.now);
    if (begun.go === 'later') return;
    if (begun.go === 'deadLetter') return this.#toDeadLetters(message);
    if (begun.go === 'run') {
      this.runs.push(message.delivery.jobId);
      const made = this.#handler(begun.record);
      if (made === 'retry') {
        await life.retry(begun.record, { name: 'Error', message: 'not yet' }, this.now);
        return;
      }
      if (made === 'fail') {
        await life.fail(begun.record, { name: 'Error', message: 'never' }, 'permanent', this.now);
        return this.#toDeadLetters(message);
      }
      await life.succeed(begun.record, made, this.now);
    }
    await this.#step(async () => {
      message.deleted = true;
    });
  }

  async #toDeadLetters(message: Message): Promise<void> {
    await this.#step(async () => {
      this.dead.push({ ...message });
    });
    await this.#step(async () => {
      message.deleted = true;
    });
  }

  #dying(client: DynamoDBClient): DynamoDBClient {
    return new Proxy(client, {
      get: (target, name) =>
        name === 'send'
          ? (command: Parameters<DynamoDBClient['send']>[0]) => this.#step(() => target.send(command as never))
          : Reflect.get(target, name, target),
    });
  }

  /** The dead call nobody any more, also where a call's failure is forgiven. */
  async #step<T>(call: () => Promise<T>): Promise<T> {
    if (this.#dead) throw new Crash();
    this.#steps += 1;
    const dies = this.#steps === this.#crash?.step;
    if (dies) {
      this.#dead = true;
      this.crashes += 1;
      if (this.#crash?.when === 'before') throw new Crash();
    }
    const answer = await call();
    if (dies) throw new Crash();
    return answer;
  }
}

/** Runs a story without a crash to count its calls, and then once for each call and each way to die there. */
export const atEveryStep = async (story: (crash: CrashAt | undefined) => Promise<CrashWorld>): Promise<number> => {
  const { steps } = await story(undefined);
  for (let step = 1; step <= steps; step += 1) {
    for (const when of ['before', 'after'] as const) {
      const world = await story({ step, when });
      if (world.crashes !== 1) throw new Error(`step ${step} ${when}: ${world.crashes} crashes, one was planned`);
    }
  }
  return steps;
};
