import type { DecisionRecord } from '../model/decision.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';

export const flushEverySeconds: Seconds = 300;
const packRecords = 200;
/** When the table cannot be written for long, the oldest records go first. */
const keptRecords = 2000;

/** Holds back records of ticks without action, and says which packs are to be written now. No I/O. */
export class JournalBuffer {
  readonly #flushSeconds: Seconds;
  readonly #waiting = new Map<string, readonly DecisionRecord[]>();
  readonly #lastAlerts = new Map<string, string>();

  constructor(flushSeconds: Seconds) {
    this.#flushSeconds = flushSeconds;
  }

  /** Packs that are due, each of one service, oldest record first. They stay here until `written`. */
  add(records: readonly DecisionRecord[], now: EpochSeconds): readonly (readonly DecisionRecord[])[] {
    const urgent = new Set<string>();
    for (const record of records) {
      const { service } = record.decision;
      this.#waiting.set(service, [...(this.#waiting.get(service) ?? []), record].slice(-keptRecords));
      if (isAction(record) || this.#isNews(record)) urgent.add(service);
    }
    return [...this.#waiting].flatMap(([service, waiting]) =>
      urgent.has(service) || now - (waiting[0]?.observation.now ?? now) >= this.#flushSeconds ? packsOf(waiting) : [],
    );
  }

  written(pack: readonly DecisionRecord[]): void {
    const service = pack[0]?.decision.service ?? '';
    const left = (this.#waiting.get(service) ?? []).filter((record) => !pack.includes(record));
    if (left.length === 0) this.#waiting.delete(service);
    else this.#waiting.set(service, left);
  }

  /** An alert that was not there the tick before is told at once; one that stays is not told again and again. */
  #isNews({ decision }: DecisionRecord): boolean {
    const codes = decision.alerts.map((alert) => alert.code).sort();
    const before = this.#lastAlerts.get(decision.service)?.split(' ') ?? [];
    this.#lastAlerts.set(decision.service, codes.join(' '));
    return codes.some((code) => !before.includes(code));
  }
}

const isAction = ({ decision }: DecisionRecord): boolean =>
  (decision.kind === 'scale' || decision.sizeFrom !== undefined) && !decision.shadow;

const packsOf = (records: readonly DecisionRecord[]): readonly (readonly DecisionRecord[])[] =>
  Array.from({ length: Math.ceil(records.length / packRecords) }, (_, i) =>
    records.slice(i * packRecords, (i + 1) * packRecords),
  );
