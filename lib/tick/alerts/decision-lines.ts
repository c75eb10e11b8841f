import type { Decision } from '../../model/decision.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';

/** While the same alerts last, a line so often: one each tick would cost more than the tick. */
const againSeconds: Seconds = 300;

/**
 * Which decisions are worth a line in the function's log: changes, alerts that begin, change or end, and now and then
 * those that last. The decision log in the table has every tick. What it remembers lives as long as the warm function.
 */
export class DecisionLines {
  readonly #last = new Map<string, { readonly alerts: string; readonly at: EpochSeconds }>();

  isWorthALine({ service, at, kind, sizeFrom, alerts }: Omit<Decision, 'state'>): boolean {
    const now = alerts
      .map(({ code, severity }) => `${code} ${severity}`)
      .sort()
      .join(', ');
    const before = this.#last.get(service) ?? { alerts: '', at: Number.NEGATIVE_INFINITY };
    const worth =
      kind === 'scale' ||
      sizeFrom !== undefined ||
      now !== before.alerts ||
      (now !== '' && at - before.at >= againSeconds);
    if (worth) this.#last.set(service, { alerts: now, at });
    return worth;
  }
}
