import type { EpochSeconds } from '../../model/units.ts';
import { meanOf } from '../plan/series.ts';
import type { Usage } from '../usage/usage.ts';
import { instanceNamed, policyName, serviceNamed } from './before-of.ts';
import type { LedgerEntry } from './ledger.ts';

/** Whether the usage shows that the advice was followed, and since when. Undefined: it was not, as far as one can see. */
export const appliedAt = (usage: Usage, entry: LedgerEntry): EpochSeconds | undefined => {
  const { change, before, resource } = entry;
  if (change === undefined || before === undefined) return undefined;
  const service = serviceNamed(usage, resource);
  const instance = instanceNamed(usage, resource);
  const since = Math.max(entry.lastAdvisedAt, usage.from);
  switch (change.to) {
    case 'size':
      return service?.size.cpu === change.size.cpu && service.size.memoryMiB === change.size.memoryMiB
        ? (service.sizeSince ?? since)
        : undefined;
    case 'architecture':
      return service?.architecture === change.architecture ? since : undefined;
    case 'policy': {
      if (service === undefined || before.of !== 'service') return undefined;
      const { min, max } = service.bounds;
      // A fixed fleet on `slo` has the policy already: what it gets is room.
      const wasThere = before.policy === undefined || before.policy === 'slo';
      return policyName(service) === 'slo' && min < max && (!wasThere || min < before.min) ? since : undefined;
    }
    case 'minimums': {
      if (service === undefined || before.of !== 'service') return undefined;
      const min = meanOf(service.hourly.min?.slice(-168)) ?? service.bounds.min;
      return min < before.min - 0.01 ? since : undefined;
    }
    case 'bounds': {
      if (service === undefined || before.of !== 'service') return undefined;
      const { min = service.bounds.min, max = service.bounds.max } = change;
      return service.bounds.min === min && service.bounds.max === max ? since : undefined;
    }
    case 'spot':
      return service !== undefined && before.of === 'service' && service.spotShare > before.spotShare + 0.05
        ? since
        : undefined;
    case 'class':
      return instance?.type === change.type && instance.engine === change.engine
        ? (instance.sizeSince ?? since)
        : undefined;
    case 'hours': {
      if (instance === undefined || before.of !== 'instance') return undefined;
      const share = meanOf(instance.hourly.running.slice(-168)) ?? 0;
      return share < before.runningShare - 0.05 ? since : undefined;
    }
    case 'removed':
      return isGone(usage, resource) ? since : undefined;
    case 'commitment': {
      if (before.of !== 'account') return undefined;
      const bought = usage.commitments.some(
        ({ id, kind, feeUsdPerHour }) =>
          kind === change.kind && !before.commitments.includes(id) && feeUsdPerHour >= 0.2 * change.feeUsdPerHour,
      );
      return bought ? since : undefined;
    }
  }
};

const isGone = (usage: Usage, resource: string): boolean => {
  if (usage.orphans.some(({ id }) => id === resource)) return false;
  const instance = instanceNamed(usage, resource);
  return instance === undefined || instance.hourly.running.slice(-24).every((share) => share === 0);
};
