import type { Proposal } from '../advice.ts';
import type { PlanContext } from '../plan-context.ts';
import { type InstanceState, instanceUsdPerHour, type ResourceState } from '../resource.ts';
import { dailyPeaks, largest, seenHours, smallest } from '../series.ts';
import { commandToResize, halfSize } from '../sizes/instance-classes.ts';

/**
 * The next smaller class, when every limit of it is known to hold. What is not measured forbids: an instance whose memory
 * nobody sees is left alone, and a database is never made smaller for its memory figure alone, since caches fill memory.
 */
export const proposeInstanceSize = (state: ResourceState, context: PlanContext): Proposal | undefined => {
  if (state.kind !== 'instance') return undefined;
  const { usage } = state;
  if (seenHours(usage.hourly.cpuP99Percent ?? []) < context.settings.minHistoryDays * 24) return undefined;
  const type = halfSize(state.type);
  if (type === undefined || instanceUsdPerHour({ ...state, type }, context.book) === undefined) return undefined;
  const fits = checks[usage.kind](state, context);
  if (fits === undefined) return undefined;
  return {
    kind: 'size',
    title: `${usage.id}: ${state.type} → ${type}`,
    change: { to: 'class', type, engine: state.engine },
    after: { ...state, type },
    evidence: [{ text: fits, series: dailyPeaks(usage.hourly.cpuP99Percent ?? []) }],
    risk: usage.kind === 'ec2' ? 'medium' : 'high',
    effort: 'medium',
    confidence: 'medium',
    reversible: usage.kind !== 'rds',
    rollback: `Back to ${state.type} by the same command; it restarts once more.`,
    patch: [{ as: 'command', text: commandToResize(usage, type) }],
  };
};

/** The sentence that shows that half of it is enough; undefined: it is not, or nobody knows. */
type Check = (state: InstanceState, context: PlanContext) => string | undefined;

const checks: Readonly<Record<InstanceState['usage']['kind'], Check>> = {
  ec2: ({ usage }, { settings }) => {
    const cpu = largest(usage.hourly.cpuP99Percent);
    const memory = largest(usage.hourly.memoryMaxPercent);
    if (cpu === undefined || memory === undefined) return undefined;
    return 2 * cpu <= settings.cpuTargetPercent && 2 * memory * settings.memoryFactor <= 100
      ? `CPU at most ${cpu.toFixed(0)} % (99 % of minutes) and memory at most ${memory.toFixed(0)} %: both fit into half.`
      : undefined;
  },
  rds: ({ usage }) => {
    const cpu = largest(usage.hourly.cpuP99Percent);
    const free = smallest(usage.hourly.freeMemoryMinMiB);
    const swap = largest(usage.hourly.swapMaxMiB);
    const connections = largest(usage.hourly.connections);
    const { memoryMiB, maxConnections } = usage;
    if (cpu === undefined || free === undefined || swap === undefined || connections === undefined) return undefined;
    if (memoryMiB === undefined || maxConnections === undefined) return undefined;
    // Half of the next class, which has half the memory: the engine's own cache takes three quarters of either.
    const enough = 0.5 * (memoryMiB / 2);
    return cpu < 40 && free > enough && swap < 10 && connections <= maxConnections / 2
      ? `CPU at most ${cpu.toFixed(0)} %, never less than ${free.toFixed(0)} MiB free, no swap, at most ${connections} of ${maxConnections} connections.`
      : undefined;
  },
  elasticache: ({ usage }) => {
    const cpu = largest(usage.hourly.cpuP99Percent);
    const memory = largest(usage.hourly.memoryMaxPercent);
    const evictions = largest(usage.hourly.evictions);
    if (cpu === undefined || memory === undefined || evictions === undefined) return undefined;
    // A quarter of a node is reserved for replication and snapshots.
    return cpu < 40 && 2 * memory <= 75 && evictions === 0
      ? `CPU at most ${cpu.toFixed(0)} %, memory at most ${memory.toFixed(0)} %, nothing evicted.`
      : undefined;
  },
};
