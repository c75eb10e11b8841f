import type { DeliveryMarks } from '../../lib/worker/ports.ts';

/** The marks of the state table, in memory. */
export interface FakeMarks extends DeliveryMarks {
  /** Calls so far: they cost money. */
  readonly calls: number;
  /** From now on every call fails, or none. */
  fail(failing: boolean): void;
}

export const createFakeMarks = (): FakeMarks => {
  const held = new Map<string, Set<number>>();
  let calls = 0;
  let failing = false;
  const setOf = (...key: readonly string[]): Set<number> => {
    const name = key.join('/');
    const set = held.get(name) ?? new Set();
    held.set(name, set);
    return set;
  };
  const call = (): void => {
    calls += 1;
    if (failing) throw new Error('the table is down');
  };
  return {
    get calls() {
      return calls;
    },
    fail: (now) => {
      failing = now;
    },
    read: async (queue, messageId) => {
      call();
      return {
        failed: setOf(queue, messageId, 'failed').size,
        released: setOf(queue, messageId, 'released').size,
      };
    },
    mark: async (queue, messageId, receiveCount, as) => {
      call();
      setOf(queue, messageId, as).add(receiveCount);
    },
  };
};
