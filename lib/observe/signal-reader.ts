import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { type QueueObservation, type Reading, unknown } from '../model/observation.ts';
import type { EpochSeconds } from '../model/units.ts';
import { cloudWatchMetrics, readCloudWatchSignals, type SignalAddress } from './cloudwatch-signals.ts';

/**
 * CloudWatch signals, each asked for at most once a minute; in between the last answer counts, with its own time.
 * What it remembers lives as long as the warm function; a second one asks once more.
 */
export class SignalReader {
  readonly #cloudwatch: CloudWatchClient;
  readonly #answers = new Map<string, { readonly minute: number; readonly reading: Reading<number> }>();

  constructor(cloudwatch: CloudWatchClient) {
    this.#cloudwatch = cloudwatch;
  }

  /** Readings in the order of `addresses`. Never rejects. */
  async read(
    addresses: readonly SignalAddress[],
    now: EpochSeconds,
    abortSignal: AbortSignal,
  ): Promise<readonly Reading<number>[]> {
    const minute = Math.floor(now / 60);
    const due = addresses.filter((address) => this.#answers.get(keyOf(address))?.minute !== minute);
    const readings = await readCloudWatchSignals(this.#cloudwatch, due, now, abortSignal);
    due.forEach((address, i) => {
      this.#answers.set(keyOf(address), { minute, reading: readings[i] ?? unknown('missing') });
    });
    return addresses.map((address) => this.#answers.get(keyOf(address))?.reading ?? unknown('missing'));
  }
}

const keyOf = ({ binding, signal }: SignalAddress): string => `${binding.cluster}\n${binding.ecsService}\n${signal}`;

export const isCloudWatchSignal = (name: string): boolean => name in cloudWatchMetrics;

/** Signals that need no call of their own: sums over the queues, unknown when one queue is. Absent: not such a signal. */
export function queueSignal(
  name: string,
  queues: readonly QueueObservation[],
  now: EpochSeconds,
): Reading<number> | undefined {
  const counter = name === 'queueDepth' ? 'visible' : name === 'activeJobs' ? 'inFlight' : undefined;
  if (counter === undefined || queues.length === 0) return undefined;
  let value = 0;
  for (const { counts } of queues) {
    if (!counts.known) return counts;
    value += counts.value[counter];
  }
  return { known: true, at: now, value };
}
