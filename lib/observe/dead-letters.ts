import type { SQSClient } from '@aws-sdk/client-sqs';
import type { ServiceBinding } from '../model/binding.ts';
import type { QueueCounts, Reading } from '../model/observation.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';
import { readQueueCounts } from './queue-counts.ts';

/** Ten looks an hour and more would cost what it is not worth: USD 0.002 a queue and month at this pace. */
export const deadLetterSeconds: Seconds = 600;

type Looked = { readonly counts: Reading<QueueCounts>; readonly dueAt: EpochSeconds };

/**
 * How many jobs lie in the dead-letter queues of a service, looked at every ten minutes; in between the last answer counts,
 * with its own time. What it remembers lives as long as the warm function.
 */
export class DeadLetters {
  readonly #sqs: SQSClient;
  readonly #everySeconds: Seconds;
  readonly #looked = new Map<string, Looked>();

  constructor(sqs: SQSClient, everySeconds: Seconds = deadLetterSeconds) {
    this.#sqs = sqs;
    this.#everySeconds = everySeconds;
  }

  /** Undefined: the service has none that Sluice knows of. Never rejects. */
  async read(
    { queues }: Pick<ServiceBinding, 'queues'>,
    now: EpochSeconds,
    abortSignal: AbortSignal,
  ): Promise<Reading<number> | undefined> {
    const urls = queues.flatMap(({ deadLetterUrl }) => deadLetterUrl ?? []);
    if (urls.length === 0) return undefined;
    const readings = await Promise.all(urls.map((url) => this.#look(url, now, abortSignal)));
    let value = 0;
    let at = now;
    for (const reading of readings) {
      if (!reading.known) return reading;
      value += reading.value.visible;
      at = Math.min(at, reading.at);
    }
    return { known: true, at, value, periodSeconds: this.#everySeconds };
  }

  async #look(url: string, now: EpochSeconds, abortSignal: AbortSignal): Promise<Reading<QueueCounts>> {
    const before = this.#looked.get(url);
    if (before !== undefined && now < before.dueAt) return before.counts;
    const counts = await readQueueCounts(this.#sqs, url, now, abortSignal);
    this.#looked.set(url, { counts, dueAt: now + (counts.known ? this.#everySeconds : retrySeconds) });
    return counts;
  }
}

const retrySeconds: Seconds = 60;
