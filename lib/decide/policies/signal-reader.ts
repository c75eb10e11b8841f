import type { Observation, QueueCounts, Reading, UnknownCause } from '../../model/observation.ts';

/**
 * Reads signals for one policy at one tick, and keeps the names of those that were unknown,
 * because a policy that missed a signal may still scale out and must not scale in.
 */
export class SignalReader {
  /** `cpu is stale`: one phrase for each signal that was asked for and not known. */
  readonly unknown: string[] = [];
  /** Time of the newest value that was read. */
  newestAt = 0;
  readonly #observation: Observation;

  constructor(observation: Observation) {
    this.#observation = observation;
  }

  /** The value, or undefined: then it was noted as unknown. A queue sum without one of its queues is a lower bound, and noted too. */
  read(name: string): number | undefined {
    return this.#read(name, false);
  }

  /** As `read`, but a signal that the service does not have at all is nothing to worry about. One that went stale is. */
  readIfAny(name: string): number | undefined {
    return this.#read(name, true);
  }

  #read(name: string, optional: boolean): number | undefined {
    const own = this.#observation.signals[name];
    if (own !== undefined && (own.known || own.because !== 'missing')) return this.#take(name, own, optional);
    if (name === 'queueDepth') return this.#sumOfQueues(name, (counts) => counts.visible, optional);
    if (name === 'activeJobs') return this.#sumOfQueues(name, (counts) => counts.inFlight, optional);
    if (name === 'unfinishedJobs')
      return this.#sumOfQueues(name, (counts) => counts.visible + counts.inFlight, optional);
    return this.#miss(`${name} is missing`, optional, 'missing');
  }

  #take(name: string, reading: Reading<number>, optional: boolean): number | undefined {
    if (!reading.known) return this.#miss(`${name} ${inWords[reading.because]}`, optional, reading.because);
    if (!Number.isFinite(reading.value)) return this.#miss(`${name} is not a number`, optional, 'failed');
    if (reading.at > this.newestAt) this.newestAt = reading.at;
    return reading.value;
  }

  #sumOfQueues(name: string, part: (counts: QueueCounts) => number, optional: boolean): number | undefined {
    const { queues } = this.#observation;
    if (queues.length === 0) return this.#miss(`${name} is missing`, optional, 'missing');
    let sum = 0;
    let seen = 0;
    for (const queue of queues) {
      if (queue.counts.known) {
        sum += part(queue.counts.value);
        seen += 1;
        if (queue.counts.at > this.newestAt) this.newestAt = queue.counts.at;
      } else this.#miss(`queue ${queue.name} ${inWords[queue.counts.because]}`, optional, queue.counts.because);
    }
    return seen === 0 ? undefined : sum;
  }

  #miss(phrase: string, optional: boolean, because: UnknownCause): undefined {
    const absent = because === 'missing' || because === 'hidden';
    if (!(optional && absent) && !this.unknown.includes(phrase)) this.unknown.push(phrase);
    return undefined;
  }
}

const inWords: Readonly<Record<UnknownCause, string>> = {
  missing: 'is missing',
  stale: 'is stale',
  future: 'is dated in the future',
  failed: 'could not be read',
  hidden: 'is hidden',
};
