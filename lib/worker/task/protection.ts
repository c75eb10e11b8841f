import type { Seconds } from '../../model/units.ts';
import type { Clock } from '../clock.ts';
import type { AgentPort } from '../ports.ts';
import { callRetrySeconds } from '../queue/retry-delay.ts';
import type { LifeLog } from '../worker-log.ts';

/**
 * Scale-in protection of this task.
 *
 * Scheme: receive first, then protect, and start the handler only when ECS has confirmed; a refusal gives the
 * messages back at once. Protecting before the receive (as AWS' guide has it) would leave an idle task protected for
 * a whole long poll: ECS could then stop no idle task, which is the one that scale-in wants. It would also cost two
 * calls per poll, out of 80 a second for all tasks of the account. Our price is one call's time (some 10 ms) on the
 * first job after a pause, and a message given back when ECS had already chosen this task.
 *
 *         messages in hand               idle for `lingerSeconds`
 *   off ─────────────────────▶ on ──────────────────────────────────▶ off
 *    │                          │ renewed at half of its expiry while jobs run
 *    └── refused ──▶ blocked ◀──┘ renewal refused
 *                      └── nothing is received; asks again with growing pauses ──▶ on
 *
 * The linger keeps a trickle of short jobs from switching protection on and off with each of them.
 */
export interface Protection {
  /** True: protected (or not on ECS), jobs may start. False: give the messages back and call `recover`. */
  ensure(): Promise<boolean>;
  readonly blocked: boolean;
  readonly on: boolean;
  /** Asks again until ECS agrees or the signal fires. */
  recover(signal: AbortSignal): Promise<void>;
  /** Tell it that the last running job has ended. */
  idle(): void;
  /** For the end of the process. */
  drop(): Promise<void>;
}

export interface ProtectionParts {
  readonly agent: AgentPort | undefined;
  readonly clock: Clock;
  readonly uniform: () => number;
  readonly log: LifeLog;
  readonly lingerSeconds: Seconds;
  /** A worker that hangs keeps its protection at most this long. */
  readonly expiresInMinutes: number;
  readonly isIdle: () => boolean;
}

export const createProtection = (parts: ProtectionParts): Protection =>
  parts.agent === undefined ? unprotected : protectThrough(parts.agent, parts);

/** Outside ECS there is nobody to be protected from. */
const unprotected: Protection = {
  ensure: async () => true,
  blocked: false,
  on: false,
  recover: async () => {},
  idle: () => {},
  drop: async () => {},
};

const protectThrough = (agent: AgentPort, parts: ProtectionParts): Protection => {
  const { clock, uniform, log, isIdle, expiresInMinutes } = parts;
  let state: 'off' | 'on' | 'blocked' = 'off';
  let closed = false;
  let renewal = new AbortController();
  let lingering = new AbortController();

  // One call at a time: an unprotect overtaken by a protect would leave a busy task open.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(call: () => Promise<T>): Promise<T> => {
    const mine = last.then(call);
    last = mine.catch(() => {});
    return mine;
  };

  const protect = async (): Promise<boolean> => {
    const outcome = await agent.protect(expiresInMinutes);
    if (outcome.ok && state !== 'on') log('protected');
    if (!outcome.ok) log('protectionRefused', { because: outcome.because, text: outcome.text });
    state = outcome.ok ? 'on' : 'blocked';
    renewal.abort();
    if (outcome.ok) void renewLater();
    return outcome.ok;
  };
  const unprotect = async (): Promise<void> => {
    if (state !== 'on') return;
    renewal.abort();
    const outcome = await agent.unprotect();
    // Not off means: it runs out by itself. Meanwhile it must not be taken for protection that is kept up.
    state = 'off';
    log('unprotected', outcome.ok ? {} : { failed: outcome.text });
  };
  const renewLater = async (): Promise<void> => {
    renewal = new AbortController();
    const { signal } = renewal;
    await clock.sleep((expiresInMinutes * 60) / 2, signal);
    if (signal.aborted) return;
    await inTurn(async () => {
      if (!signal.aborted) await protect();
    });
  };
  const unprotectLater = async (): Promise<void> => {
    lingering.abort();
    lingering = new AbortController();
    const { signal } = lingering;
    await clock.sleep(parts.lingerSeconds, signal);
    if (signal.aborted) return;
    await inTurn(async () => {
      if (isIdle() && !signal.aborted) await unprotect();
    });
  };

  return {
    get blocked() {
      return state === 'blocked';
    },
    get on() {
      return state === 'on';
    },
    ensure: () => {
      lingering.abort();
      return inTurn(async () => state === 'on' || (!closed && (await protect())));
    },
    recover: async (signal) => {
      for (let attempt = 1; state === 'blocked' && !signal.aborted; attempt += 1) {
        await clock.sleep(1 + callRetrySeconds(attempt, uniform, 5, 60), signal);
        if (!signal.aborted) await inTurn(protect);
      }
      if (state === 'on' && isIdle()) void unprotectLater();
    },
    idle: () => {
      if (state === 'on' && !closed) void unprotectLater();
    },
    drop: async () => {
      closed = true;
      lingering.abort();
      renewal.abort();
      await inTurn(unprotect);
    },
  };
};
