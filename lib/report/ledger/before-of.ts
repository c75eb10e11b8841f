import { meanOf } from '../plan/series.ts';
import type { FargateUsage, InstanceUsage, Usage } from '../usage/usage.ts';
import type { Before, LedgerEntry } from './ledger.ts';

/** What is in force today, to be kept beside the advice. Undefined: no such resource. */
export const beforeOf = (
  usage: Usage,
  { kind, resource }: Pick<LedgerEntry, 'kind' | 'resource'>,
): Before | undefined => {
  if (kind === 'commit') return { of: 'account', commitments: usage.commitments.map(({ id }) => id) };
  const service = serviceNamed(usage, resource);
  if (service) return serviceBefore(service);
  const instance = instanceNamed(usage, resource);
  if (instance) {
    return {
      of: 'instance',
      type: instance.type,
      engine: instance.engine,
      runningShare: meanOf(instance.hourly.running.slice(-168)) ?? 0,
    };
  }
  const orphan = usage.orphans.find(({ id }) => id === resource);
  return orphan && { of: 'orphan', usdPerHour: orphan.usdPerHour };
};

export const serviceNamed = (usage: Usage, resource: string): FargateUsage | undefined =>
  usage.services.find(({ name, label }) => (label ?? name) === resource);

export const instanceNamed = (usage: Usage, resource: string): InstanceUsage | undefined =>
  usage.instances.find(({ id, label }) => (label ?? id) === resource);

/** `slo`, another policy's type, or `other` than Sluice. */
export const policyName = ({ scaling }: FargateUsage): string =>
  scaling === undefined ? 'slo' : scaling.by === 'other' ? 'other' : scaling.policy.type;

const serviceBefore = (usage: FargateUsage): Before => ({
  ...common(usage),
  policy: policyName(usage),
});

const common = ({ size, architecture, spotShare, hourly, bounds, serviceSeconds }: FargateUsage) => ({
  of: 'service' as const,
  size,
  architecture,
  spotShare,
  min: meanOf(hourly.min?.slice(-168)) ?? bounds.min,
  ...(serviceSeconds === undefined ? {} : { serviceMeanSeconds: serviceSeconds.mean }),
});
