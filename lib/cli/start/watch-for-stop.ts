import { watchParents } from './watch-parents.ts';

/** Why a run is cut short. It is the abort reason of `StopWatch.signal`. */
export interface StopReason {
  readonly text: string;
  readonly exitCode: number;
}

export interface StopWatch {
  /** Aborted at the first reason to stop. */
  readonly signal: AbortSignal;
  readonly reason: () => StopReason | undefined;
  /** Resolves at the first reason to stop, and never when there is none. */
  readonly stopped: Promise<StopReason>;
  /** Back to the usual handling of signals. */
  close(): void;
}

const reasons: Readonly<Record<'SIGINT' | 'SIGTERM' | 'SIGHUP', StopReason>> = {
  SIGINT: { text: 'Ctrl-C', exitCode: 130 },
  SIGTERM: { text: 'SIGTERM', exitCode: 143 },
  SIGHUP: { text: 'the terminal went away', exitCode: 129 },
};

/** One Ctrl-C may arrive twice: from the terminal, and from npm, which passes on what it got. */
const sameKeyPressMs = 700;

/**
 * Watches for everything that must end a run: signals, the end of the process that started us, a reader that closed
 * its end of our output. A second Ctrl-C, or another signal after the first, calls `again`.
 */
export const watchForStop = (again: (reason: StopReason) => void, now: () => number = Date.now): StopWatch => {
  const controller = new AbortController();
  const { promise: stopped, resolve } = Promise.withResolvers<StopReason>();
  let first: { readonly reason: StopReason; readonly at: number } | undefined;
  const stop = (reason: StopReason): void => {
    if (first === undefined) {
      first = { reason, at: now() };
      controller.abort(reason);
      resolve(reason);
    } else if (now() - first.at > sameKeyPressMs) again(reason);
  };
  const handlers = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((name) => [name, () => stop(reasons[name])] as const);
  for (const [name, handler] of handlers) process.on(name, handler);
  // These say the same again and again, so they must never count as a second time.
  const once = (reason: StopReason) => (): void => {
    if (first === undefined) stop(reason);
  };
  const brokenPipe = once({ text: 'nobody reads the output any more', exitCode: 1 });
  process.stdout.on('error', brokenPipe);
  process.stderr.on('error', brokenPipe);
  const unwatchParents = watchParents(once({ text: 'the process that started it is gone', exitCode: 1 }));
  return {
    signal: controller.signal,
    reason: () => first?.reason,
    stopped,
    close: () => {
      for (const [name, handler] of handlers) process.off(name, handler);
      unwatchParents();
    },
  };
};
