import type { Clock } from '../../lib/worker/clock.ts';
import type { AgentPort, ProtectionOutcome } from '../../lib/worker/ports.ts';

/** The ECS agent of one task: remembers the protection until it runs out. */
export interface FakeAgent extends AgentPort {
  readonly protectedNow: boolean;
  /** Calls so far: the account has 80 a second for all tasks. */
  readonly calls: number;
  refuse(because: 'blocked' | 'failed' | undefined): void;
}

export const createFakeAgent = (clock: Clock, createdAt: number | undefined = clock.now() - 3): FakeAgent => {
  let protectedUntil = 0;
  let refusing: 'blocked' | 'failed' | undefined;
  let calls = 0;
  const answer = async (apply: () => void, enabling: boolean): Promise<ProtectionOutcome> => {
    calls += 1;
    await clock.sleep(0.02);
    // ECS refuses more protection, never less; when it cannot be reached neither works.
    if (refusing !== undefined && (enabling || refusing === 'failed'))
      return { ok: false, because: refusing, text: 'refused' };
    apply();
    return { ok: true };
  };
  return {
    get protectedNow() {
      return protectedUntil > clock.now();
    },
    get calls() {
      return calls;
    },
    refuse: (because) => {
      refusing = because;
    },
    protect: (minutes) =>
      answer(() => {
        protectedUntil = clock.now() + minutes * 60;
      }, true),
    unprotect: () =>
      answer(() => {
        protectedUntil = 0;
      }, false),
    createdAt: async () => createdAt,
  };
};
