import type { Seconds } from '../model/units.ts';

/** A dependency did not answer in its time. */
export class TimedOut extends Error {
  constructor(what: string, seconds: Seconds) {
    super(`${what}: no answer within ${seconds} s`);
    this.name = 'TimedOut';
  }
}

/**
 * Runs `work` for at most `seconds`, and no longer than `outer` allows. The signal it gets is aborted at the end of its
 * time; the promise is rejected then even when `work` does not listen, so one that hangs cannot hold up the tick.
 */
export async function timeBox<T>(
  what: string,
  seconds: Seconds,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer.throwIfAborted();
  const inner = new AbortController();
  let end: (() => void) | undefined;
  const timer = setTimeout(() => inner.abort(new TimedOut(what, seconds)), seconds * 1000);
  const onOuter = () => inner.abort(outer.reason);
  outer.addEventListener('abort', onOuter, { once: true });
  const ended = new Promise<never>((_, reject) => {
    end = () => reject(inner.signal.reason);
    inner.signal.addEventListener('abort', end, { once: true });
  });
  try {
    return await Promise.race([work(inner.signal), ended]);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', onOuter);
    if (end !== undefined) inner.signal.removeEventListener('abort', end);
  }
}

/** `Name: message` of whatever was thrown. */
export const describeError = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
