import type { Alert, Severity } from '../../model/decision.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';

/** What one rule says at one tick. */
export interface Finding {
  readonly code: string;
  /** False: what the rule goes by is unknown, which is no alert and no end of one. */
  readonly judged: boolean;
  /** Present: the rule's condition holds. */
  readonly found?: { readonly severity: Severity; readonly text: string };
  /** It must hold for this long without a break before it is an alert. */
  readonly forSeconds: Seconds;
}

/** Since when each condition holds, by code. */
export type HoldsSince = Readonly<Record<string, EpochSeconds>>;

export interface Lasting {
  readonly alerts: readonly Alert[];
  /** Codes of conditions that held and can no longer be judged. */
  readonly unjudged: readonly string[];
  readonly since: HoldsSince;
}

/** Findings that have lasted long enough. */
export const lasting = (findings: readonly Finding[], before: HoldsSince, now: EpochSeconds): Lasting => {
  const since: Record<string, EpochSeconds> = {};
  const alerts: Alert[] = [];
  const unjudged: string[] = [];
  for (const { code, judged, found, forSeconds } of findings) {
    const began = before[code];
    if (!judged) {
      if (began === undefined) continue;
      since[code] = began;
      unjudged.push(code);
    } else if (found !== undefined) {
      since[code] = began ?? now;
      if (now - (began ?? now) >= forSeconds) alerts.push({ code, ...found });
    }
  }
  return { alerts, unjudged, since };
};
