import type { AlertCommit, ShardState, StoredLearnt } from '../../lib/model/shard.ts';
import type { HotState } from '../../lib/model/state.ts';
import type { StateStore } from '../../lib/tick/ports.ts';

/** Empty parts are not there, as in the table. */
export const alertsAfter = (present: ShardState, { states, folded }: AlertCommit): Partial<ShardState> => {
  const told = (present.told ?? []).filter((version) => !folded.includes(version));
  return {
    alerts: Object.keys(states).length > 0 ? states : undefined,
    told: told.length > 0 ? told : undefined,
  } as Partial<ShardState>;
};

/** The table as the state store sees it. Passes the same suite as the real one. */
export class MemoryStateStore implements StateStore {
  readonly #shards = new Map<string, ShardState>();
  readonly #learnt = new Map<string, StoredLearnt>();
  learntWrites = 0;

  async load(shard: string): Promise<ShardState> {
    return structuredClone(this.#shards.get(shard) ?? { version: 0, sentUntil: 0, services: {} });
  }

  async commit(
    shard: string,
    readVersion: number,
    services: Readonly<Record<string, HotState>>,
    _at?: number,
    _signal?: AbortSignal,
    alerts?: AlertCommit,
  ): Promise<'committed' | 'lost'> {
    const before = await this.load(shard);
    // Checked and set in one turn of the loop, as the table does.
    const present = this.#shards.get(shard) ?? before;
    if (present.version !== readVersion) return 'lost';
    const after = { ...present, ...(alerts && alertsAfter(present, alerts)), version: readVersion + 1, services };
    this.#shards.set(shard, structuredClone(after));
    return 'committed';
  }

  async markTold(shard: string, version: number): Promise<void> {
    const present = this.#shards.get(shard) ?? { version: 0, sentUntil: 0, services: {} };
    this.#shards.set(shard, { ...present, told: [...new Set([...(present.told ?? []), version])] });
  }

  async markSent(shard: string, until: number): Promise<void> {
    const present = this.#shards.get(shard) ?? { version: 0, sentUntil: 0, services: {} };
    this.#shards.set(shard, { ...present, sentUntil: Math.max(present.sentUntil, until) });
  }

  async loadLearnt(service: string): Promise<StoredLearnt | undefined> {
    return structuredClone(this.#learnt.get(service));
  }

  async saveLearnt(service: string, stored: StoredLearnt): Promise<void> {
    this.learntWrites++;
    const present = this.#learnt.get(service);
    if (present === undefined || present.at < stored.at) this.#learnt.set(service, structuredClone(stored));
  }

  loseLearnt(): void {
    this.#learnt.clear();
  }
}
