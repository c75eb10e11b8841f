import { taskUsdPerHour } from '../prices/price-book.ts';
import type { FargateUsage, HeldCommitment, InstanceUsage } from '../usage/usage.ts';
import type { Warning } from './advice.ts';
import { cents, hoursPerMonth } from './bill.ts';
import type { PlanContext } from './plan-context.ts';
import { maximumFinding, policyFinding } from './policies/policy-warnings.ts';
import { known, largest, meanOf, quantileOf, seenHours, sumOf } from './series.ts';

/** What has too little: found with the same care as what has too much, and never part of a saving. */
export const findWarnings = (context: PlanContext): readonly Warning[] => [
  ...context.usage.services.flatMap((service) => serviceWarnings(service, context)),
  ...context.usage.instances.flatMap(instanceWarnings),
  ...context.usage.commitments.flatMap((held) => endingSoon(held, context)),
];

/** What it covers goes back to the full price, and what the plan frees of it can be bought smaller. */
const endingSoon = (held: HeldCommitment, { usage }: PlanContext): readonly Warning[] => {
  const days = (held.until - (usage.from + usage.hours * 3600)) / 86_400;
  if (days > 45 || days < -14) return [];
  const date = new Date(held.until * 1000).toISOString().slice(0, 10);
  return [
    {
      resource: held.id,
      severity: 'warning',
      text: `${days < 0 ? 'Ended' : 'Ends'} on ${date}: a fee of USD ${held.feeUsdPerHour.toFixed(4)} an hour, and what it covered is at the full price from then on.`,
      remedy: 'Do not renew it as it is: make the changes above first, then commit to what is left.',
    },
  ];
};

const serviceWarnings = (usage: FargateUsage, context: PlanContext): readonly Warning[] => {
  const { hourly, slo, name, label, size } = usage;
  const common = { resource: label ?? name, ...(usage.owner === undefined ? {} : { owner: usage.owner }) };
  const jobs = sumOf(hourly.jobs);
  const late = sumOf(hourly.late);
  const cpu = quantileOf(known(hourly.cpuP99Percent), 0.95);
  const memory = largest(hourly.memoryMaxPercent);
  const atMax = hourly.tasks.filter((tasks) => tasks !== null && tasks >= usage.bounds.max - 0.01).length;
  const found: Warning[] = [];
  const policy = policyFinding(usage, context);
  if (slo !== undefined && jobs > 0 && late / jobs > 1 - slo.percent / 100) {
    found.push({
      ...common,
      severity: 'critical',
      text: `${percent(1 - late / jobs)} of jobs started within ${slo.startWithinSeconds} s; promised were ${slo.percent} %. Nothing is cut here until that is mended.${policy === undefined ? '' : ` ${policy.text}`}`,
      remedy: policy?.remedy ?? 'Raise tasks.max, or look at `sluice why` for what held the fleet back.',
      ...(policy?.usdPerMonth === undefined ? {} : { usdPerMonth: policy.usdPerMonth }),
    });
  } else if (policy !== undefined && hourly.late === undefined) {
    // Nobody counted, so the replay is all that is known.
    found.push({ ...common, severity: 'warning', ...policy });
  }
  if (atMax >= Math.max(3, 0.02 * seenHours(hourly.tasks)) && usage.bounds.max > usage.bounds.min) {
    found.push({
      ...common,
      severity: 'warning',
      ...maximumFinding(usage, atMax, context),
    });
  }
  if (cpu !== undefined && cpu > 80) {
    found.push({
      ...common,
      severity: cpu > 90 ? 'critical' : 'warning',
      text: `Its busiest minutes take ${cpu.toFixed(0)} % of the CPU.`,
      ...biggerCost(usage, context, { cpu: size.cpu * 2, memoryMiB: Math.max(size.memoryMiB, size.cpu * 4) }),
      remedy: `worker: { cpu: ${size.cpu * 2} }, or fewer jobs at a time.`,
    });
  }
  if (memory !== undefined && memory > 85) {
    found.push({
      ...common,
      severity: memory > 95 ? 'critical' : 'warning',
      text: `Memory peaks at ${memory.toFixed(0)} %.`,
      ...biggerCost(usage, context, { cpu: size.cpu, memoryMiB: size.memoryMiB * 2 }),
      remedy: `worker: { memoryMiB: ${size.memoryMiB * 2} }.`,
    });
  }
  return found;
};

/** The same number of tasks of the larger size; where larger tasks do more, it costs less than that. */
const biggerCost = (
  usage: FargateUsage,
  { book }: PlanContext,
  size: { readonly cpu: number; readonly memoryMiB: number },
): { readonly usdPerMonth?: number } => {
  const now = taskUsdPerHour(book, usage.region, usage.architecture, usage.size, 'onDemand');
  const then = taskUsdPerHour(book, usage.region, usage.architecture, size, 'onDemand');
  if (now === undefined || then === undefined) return {};
  return { usdPerMonth: cents((then - now) * (meanOf(usage.hourly.tasks) ?? 0) * hoursPerMonth) };
};

const instanceWarnings = (usage: InstanceUsage): readonly Warning[] => {
  const { hourly, id, label } = usage;
  const common = { resource: label ?? id, ...(usage.owner === undefined ? {} : { owner: usage.owner }) };
  const cpu = quantileOf(known(hourly.cpuP99Percent), 0.95);
  const swap = largest(hourly.swapMaxMiB);
  const evictions = sumOf(hourly.evictions);
  const connections = largest(hourly.connections);
  return [
    ...(cpu !== undefined && cpu > 80
      ? [
          {
            ...common,
            severity: 'warning' as const,
            text: `CPU at ${cpu.toFixed(0)} % in its busiest minutes.`,
            remedy: 'The next larger class.',
          },
        ]
      : []),
    ...(usage.kind === 'rds' && swap !== undefined && swap > 256
      ? [
          {
            ...common,
            severity: 'warning' as const,
            text: `Swaps up to ${swap.toFixed(0)} MiB.`,
            remedy: 'A class with more memory.',
          },
        ]
      : []),
    ...(usage.kind === 'elasticache' && evictions > 0
      ? [
          {
            ...common,
            severity: 'warning' as const,
            text: `${evictions} keys evicted.`,
            remedy: 'A class with more memory, or shorter lives for keys.',
          },
        ]
      : []),
    ...(usage.maxConnections !== undefined && connections !== undefined && connections > 0.8 * usage.maxConnections
      ? [
          {
            ...common,
            severity: 'warning' as const,
            text: `${connections} of ${usage.maxConnections} connections.`,
            remedy: 'A pooler, or a larger class.',
          },
        ]
      : []),
  ];
};

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
