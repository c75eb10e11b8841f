import type { Clock } from '../clock.ts';
import { ReceiptLost } from '../ports.ts';
import { callRetrySeconds } from './retry-delay.ts';
import type { VisibilityPlan } from './visibility-plan.ts';

export interface HeartbeatParts {
  readonly clock: Clock;
  readonly uniform: () => number;
  readonly plan: VisibilityPlan;
  /** @throws ReceiptLost */
  readonly extend: (timeoutSeconds: number) => Promise<void>;
  readonly onLost: () => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Keeps a message hidden while its job runs. Stop it in the moment the job ends: an extension that arrives after the
 * back-off was set would overwrite it.
 */
export const startHeartbeat = (parts: HeartbeatParts): { stop(): Promise<void> } => {
  const ended = new AbortController();
  const beating = beat(parts, ended.signal);
  return {
    stop: () => {
      ended.abort(over);
      return beating;
    },
  };
};

/** Any reason will do; without one each abort makes an error with its stack. */
const over = 'the job is over';

const beat = async (parts: HeartbeatParts, ended: AbortSignal): Promise<void> => {
  const { clock, plan } = parts;
  let failures = 0;
  for (;;) {
    await clock.sleep(failures === 0 ? plan.extendEverySeconds : retrySeconds(parts, failures), ended);
    if (ended.aborted) return;
    try {
      await parts.extend(plan.timeoutSeconds);
      failures = 0;
    } catch (error) {
      if (ended.aborted) return;
      if (error instanceof ReceiptLost) return parts.onLost();
      failures += 1;
      parts.onError(error);
    }
  }
};

const retrySeconds = ({ uniform, plan }: HeartbeatParts, failures: number): number =>
  callRetrySeconds(failures, uniform, 0.5, plan.extendEverySeconds / 2);
