import type { Seconds } from '../../model/units.ts';
import type { Clock } from '../clock.ts';
import type { JobOutcome } from '../job.ts';
import { asError } from '../worker-log.ts';

/** How long a handler may go on after its deadline before its slot is given to another job. */
const graceSeconds: Seconds = 30;

export type HandlerEnd =
  | { readonly kind: 'done'; readonly outcome: JobOutcome | undefined }
  | { readonly kind: 'error'; readonly error: Error }
  /** The deadline passed first. */
  | { readonly kind: 'timeout'; readonly error: Error };

export interface TimedRun {
  readonly end: Promise<HandlerEnd>;
  /** When the handler itself has ended, or has been abandoned some time after its deadline. */
  readonly ended: Promise<unknown>;
  /** True: the handler did not heed its signal, and may still be running. */
  readonly abandoned: boolean;
}

/** Runs a handler under its deadline: at that moment the signal fires and the job has timed out, heed it or not. */
export const runInTime = (
  clock: Clock,
  aborted: AbortController,
  deadlineSeconds: Seconds | undefined,
  run: () => Promise<JobOutcome | undefined> | Promise<void>,
): TimedRun => {
  const handler = endOf(run);
  if (deadlineSeconds === undefined) return { end: handler, ended: handler, abandoned: false };

  const finished = new AbortController();
  void handler.then(() => finished.abort());
  let abandoned = false;
  const timeout = async (): Promise<HandlerEnd> => {
    await clock.sleep(deadlineSeconds, finished.signal);
    const error = new DeadlineExceeded(deadlineSeconds);
    if (!finished.signal.aborted) aborted.abort(error);
    return { kind: 'timeout', error };
  };
  const end = Promise.race([handler, timeout()]);
  const ended = end.then(async () => {
    await Promise.race([handler, clock.sleep(graceSeconds, finished.signal)]);
    abandoned = !finished.signal.aborted;
  });
  return {
    end,
    ended,
    get abandoned() {
      return abandoned;
    },
  };
};

const endOf = async (run: () => Promise<JobOutcome | undefined> | Promise<void>): Promise<HandlerEnd> => {
  try {
    return { kind: 'done', outcome: (await run()) ?? undefined };
  } catch (error) {
    return { kind: 'error', error: asError(error) };
  }
};

export class DeadlineExceeded extends Error {
  constructor(seconds: Seconds) {
    super(`the job did not end within its ${seconds} s`);
    this.name = 'DeadlineExceeded';
  }
}
