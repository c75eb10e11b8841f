import type { EpochSeconds, Seconds } from '../../model/units.ts';
import type { ActiveJobs } from '../active-jobs.ts';
import type { Beacon } from '../beacon/beacon.ts';
import type { Clock } from '../clock.ts';
import type { Deleter } from '../queue/deleter.ts';
import type { Protection } from './protection.ts';

export interface DrainParts {
  readonly clock: Clock;
  readonly active: ActiveJobs;
  readonly deleter: Deleter;
  readonly beacon: Beacon;
  readonly protection: Protection;
  readonly stopTimeoutSeconds: Seconds;
}

/**
 * The end of a worker whose receive loop has ended: jobs may finish until shortly before SIGKILL, the rest goes back
 * to the queue at once instead of after its visibility timeout.
 */
export const drain = async (parts: DrainParts, stoppedAt: EpochSeconds): Promise<void> => {
  const { clock, active, deleter, beacon, protection, stopTimeoutSeconds } = parts;
  const margin = marginSeconds(stopTimeoutSeconds);
  const cutAt = stoppedAt + stopTimeoutSeconds - margin;
  const ended = new AbortController();

  await Promise.race([
    Promise.allSettled(active.all().map((job) => job.ended)).then(() => ended.abort()),
    clock.sleep(Math.max(0, cutAt - clock.now()), ended.signal),
  ]);
  // What follows talks to AWS, and must not hold up the exit when AWS does not answer.
  const farewell = new AbortController();
  const goodbye = async (): Promise<void> => {
    await Promise.all(active.all().map((job) => job.cut()));
    await Promise.all([deleter.flush(), beacon.beat(), protection.drop()]);
    farewell.abort();
  };
  await Promise.race([goodbye(), clock.sleep(margin * 0.8, farewell.signal)]);
};

/** Time kept back for giving messages back and the last beat. */
export const marginSeconds = (stopTimeoutSeconds: Seconds): Seconds =>
  Math.min(stopTimeoutSeconds / 2, Math.max(1, Math.min(5, stopTimeoutSeconds / 10)));
