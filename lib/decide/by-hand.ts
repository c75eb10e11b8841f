import type { Alert } from '../model/decision.ts';
import type { Override } from '../model/plan.ts';
import type { EpochSeconds } from '../model/units.ts';

/** What a person's word means for one decision. */
export interface ByHand {
  /** `paused`, `heldByHand`, `stopAll`, `overrideUnreadable`, `overridesUnread` */
  readonly code: string;
  readonly text: string;
  /** Present: this count. Absent: whatever the count is, it stays. */
  readonly desired?: number;
  readonly alert?: Alert;
}

/** The override that is in force at `now`; one that is over is none, whatever still lies in the table. */
export const byHand = (override: Override | undefined, now: EpochSeconds): ByHand | undefined => {
  if (override === undefined) return undefined;
  if (override.kind === 'stop') return stopped(override);
  if (override.until <= now) return undefined;
  const who = override.by ?? 'hand';
  const until = `until ${isoSeconds(override.until)}${why(override)}`;
  if (override.kind === 'hold') {
    const text = `Held at ${override.desired} task${override.desired === 1 ? '' : 's'} by ${who} ${until}.`;
    return { code: 'heldByHand', text, desired: override.desired };
  }
  const text = `${override.all ? 'All services are paused' : 'Paused'} by ${who} ${until}.`;
  return { code: 'paused', text };
};

type Stop = Extract<Override, { readonly kind: 'stop' }>;

const stopped = (override: Stop): ByHand => {
  const { code, text } = stops[override.cause](override);
  return { code, text, alert: { code, severity: 'warning', text } };
};

const stops: Readonly<Record<Stop['cause'], (override: Stop) => { readonly code: string; readonly text: string }>> = {
  switch: (override) => ({
    code: 'stopAll',
    text: `The stop-all switch is on${override.by === undefined ? '' : `, set by ${override.by}`}${why(override)}: every service keeps its count until it is turned off.`,
  }),
  unreadable: ({ reason = 'it has an unknown form' }) => ({
    code: 'overrideUnreadable',
    text: `Somebody set an override that cannot be read (${reason}). It counts as a pause until it is mended or removed.`,
  }),
  unread: ({ reason = 'no answer' }) => ({
    code: 'overridesUnread',
    text: `Whether somebody paused this service could not be read (${reason}), so the count stays.`,
  }),
};

const why = ({ reason }: Override): string => (reason === undefined || reason === '' ? '' : ` ("${reason}")`);

const isoSeconds = (at: EpochSeconds): string => new Date(at * 1000).toISOString().slice(0, 19).concat('Z');
