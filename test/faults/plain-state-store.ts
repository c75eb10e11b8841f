import type { AlertCommit, ShardState, StoredLearnt } from '../../lib/model/shard.ts';
import type { HotState } from '../../lib/model/state.ts';
import type { StateStore } from '../../lib/tick/ports.ts';
import { alertsAfter } from '../tick/memory-state-store.ts';

/** The table without copies: states are never changed in place, and 100,000 ticks would spend half their time on copying. */
export class PlainStateStore implements StateStore {
  #shard: ShardState = { version: 0, sentUntil: 0, services: {} };
  readonly #learnt = new Map<string, StoredLearnt>();

  async load(): Promise<ShardState> {
    return this.#shard;
  }

  async commit(
    _shard: string,
    read: number,
    services: Readonly<Record<string, HotState>>,
    _at?: number,
    _signal?: AbortSignal,
    alerts?: AlertCommit,
  ): Promise<'committed' | 'lost'> {
    if (this.#shard.version !== read) return 'lost';
    this.#shard = { ...this.#shard, ...(alerts && alertsAfter(this.#shard, alerts)), version: read + 1, services };
    return 'committed';
  }

  async markTold(_shard: string, version: number): Promise<void> {
    this.#shard = { ...this.#shard, told: [...new Set([...(this.#shard.told ?? []), version])] };
  }

  async markSent(_shard: string, until: number): Promise<void> {
    this.#shard = { ...this.#shard, sentUntil: Math.max(this.#shard.sentUntil, until) };
  }

  async loadLearnt(service: string): Promise<StoredLearnt | undefined> {
    return this.#learnt.get(service);
  }

  async saveLearnt(service: string, stored: StoredLearnt): Promise<void> {
    if ((this.#learnt.get(service)?.at ?? -1) < stored.at) this.#learnt.set(service, stored);
  }

  loseLearnt(): void {
    this.#learnt.clear();
  }
}
