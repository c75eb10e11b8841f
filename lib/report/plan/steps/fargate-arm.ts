import { taskUsdPerHour } from '../../prices/price-book.ts';
import type { Proposal } from '../advice.ts';
import type { PlanContext } from '../plan-context.ts';
import { isLate } from '../policies/is-late.ts';
import type { ResourceState } from '../resource.ts';

/** The same task on Graviton, where the region has a price for it and the image is not known to be x86 only. */
export const proposeArm = (state: ResourceState, { book }: PlanContext): Proposal | undefined => {
  if (state.kind !== 'fargate' || state.architecture === 'arm64' || state.usage.multiArch === false) return undefined;
  if (isLate(state.usage)) return undefined;
  const { usage, size } = state;
  const now = taskUsdPerHour(book, usage.region, 'x86', size, 'onDemand');
  const then = taskUsdPerHour(book, usage.region, 'arm64', size, 'onDemand');
  if (now === undefined || then === undefined || then >= now) return undefined;
  const ready = usage.multiArch === true;
  return {
    kind: 'arm',
    title: `${usage.name}: run on ARM64`,
    change: { to: 'architecture', architecture: 'arm64' },
    after: { ...state, architecture: 'arm64' },
    evidence: [
      {
        text: `A task costs USD ${then.toFixed(5)} an hour instead of ${now.toFixed(5)} (${percent(1 - then / now)} less).`,
      },
      { text: 'The run time is taken to be the same: measure it on one task first.' },
    ],
    risk: ready ? 'low' : 'medium',
    effort: ready ? 'low' : 'medium',
    confidence: ready ? 'high' : 'medium',
    reversible: true,
    rollback: 'Set the architecture back to x86: a deployment, no job is lost.',
    patch: [
      ...(ready
        ? []
        : [{ as: 'command' as const, text: 'docker buildx build --platform linux/amd64,linux/arm64 --push …' }]),
      { as: 'config', text: "worker: { architecture: 'arm64' }," },
    ],
  };
};

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
