import { fargateSizes } from '../../../config/fargate-sizes.ts';
import type { TaskSize } from '../../../model/plan.ts';
import { taskUsdPerHour } from '../../prices/price-book.ts';
import type { Proposal } from '../advice.ts';
import type { PlanContext } from '../plan-context.ts';
import { isLate } from '../policies/is-late.ts';
import { taskNeed } from '../policies/task-need.ts';
import { type FargateState, type ResourceState, sameShare } from '../resource.ts';
import { dailyPeaks, largest, seenHours } from '../series.ts';
import { cpuBoundShare } from '../sizes/cpu-bound-share.ts';
import type { SizeProof } from '../sizes/prove-size.ts';

/**
 * The size that does the work for the fewest dollars. Size and count are one question: a worker that waits for a network
 * keeps its pace on a smaller size, one that computes gets slower and needs more tasks. At most one step of CPU down in
 * a report; then a week is measured again.
 */
export const proposeSize = (state: ResourceState, context: PlanContext): Proposal | undefined => {
  if (state.kind !== 'fargate' || !mayBeCut(state, context)) return undefined;
  const costOfToday = usdOf(state, context);
  const best = candidates(state, context)
    .map((size) => ({ size, after: resized(state, size, context) }))
    .map((option) => ({ ...option, usd: usdOf(option.after, context) }))
    .filter(({ usd }) => usd < costOfToday)
    .toSorted((a, b) => a.usd - b.usd)
    .map((option) => ({ ...option, proof: proofOf(option.after, context) }))
    .find(({ proof }) => proof?.holds !== false);
  if (best === undefined) return undefined;
  const { size, after, proof } = best;
  const p99 = largest(state.usage.hourly.cpuP99Percent) ?? 0;
  const memory = largest(state.usage.hourly.memoryMaxPercent) ?? 0;
  return {
    kind: 'size',
    title: `${state.usage.name}: ${words(state.size)} → ${words(size)}`,
    change: { to: 'size', size },
    after,
    evidence: [
      {
        text:
          `The busiest minutes took ${p99.toFixed(0)} % of the CPU; on the new size that is ` +
          `${((p99 * state.size.cpu) / size.cpu).toFixed(0)} %. Memory peaked at ${Math.round((memory / 100) * state.size.memoryMiB)} MiB.`,
        series: dailyPeaks(state.usage.hourly.cpuP99Percent ?? []),
      },
      {
        text:
          after.slowdown > 1.005
            ? `A job is expected to take ${((after.slowdown - 1) * 100).toFixed(0)} % longer; the tasks for that are counted.`
            : 'Jobs wait for others more than they compute: no longer run time is expected.',
      },
      ...(proof === undefined
        ? []
        : [
            {
              text:
                `Its busiest recorded day, replayed: ${proof.attainedPercent.toFixed(2)} % start in time on the new size, ` +
                `${proof.todayPercent.toFixed(2)} % on that of today.`,
            },
          ]),
    ],
    risk: 'medium',
    effort: 'low',
    confidence: seenHours(state.usage.hourly.tasks) >= 28 * 24 ? 'high' : 'medium',
    reversible: true,
    expected: { slowdown: after.slowdown, isProved: proof?.holds === true },
    rollback: `Set worker back to cpu ${state.size.cpu}, memoryMiB ${state.size.memoryMiB}: a deployment, no job is lost.`,
    patch: [
      {
        as: 'config',
        text: `worker: { cpu: ${size.cpu}, memoryMiB: ${size.memoryMiB} }, // was ${state.size.cpu}, ${state.size.memoryMiB}`,
      },
    ],
  };
};

/** Only a size that makes jobs longer has anything to prove: with the same run times the same day comes out. */
const proofOf = (after: FargateState, { proveSize }: PlanContext): SizeProof | undefined =>
  after.slowdown > 1.005 ? proveSize(after.usage, after.slowdown) : undefined;

/** Enough history, both signals, and no error budget burning. */
const mayBeCut = ({ usage }: FargateState, { settings }: PlanContext): boolean =>
  seenHours(usage.hourly.tasks) >= settings.minHistoryDays * 24 &&
  usage.hourly.cpuP99Percent !== undefined &&
  usage.hourly.memoryMaxPercent !== undefined &&
  !isLate(usage);

const candidates = (state: FargateState, { settings }: PlanContext): readonly TaskSize[] => {
  const cpu = largest(state.usage.hourly.cpuP99Percent) ?? 100;
  const memory = ((largest(state.usage.hourly.memoryMaxPercent) ?? 100) / 100) * state.usage.size.memoryMiB;
  const cpus = [...new Set(fargateSizes.map((size) => size.cpu))];
  const oneDown = cpus[cpus.indexOf(state.size.cpu) - 1] ?? state.size.cpu;
  return [oneDown, state.size.cpu].flatMap((units) => {
    if ((cpu * state.usage.size.cpu) / units > settings.cpuTargetPercent && units < state.size.cpu) return [];
    const smallest = (state.usage.sizes ?? fargateSizes).find(
      (size) => size.cpu === units && size.memoryMiB >= memory * settings.memoryFactor,
    );
    return smallest ? [smallest] : [];
  });
};

const resized = (state: FargateState, size: TaskSize, context: PlanContext): FargateState => {
  const slowdown = 1 + cpuBoundShare(state.usage) * (state.usage.size.cpu / size.cpu - 1);
  const hours = context.usage.hours;
  const before = taskNeed(state.usage, hours, state.slowdown);
  const after = taskNeed(state.usage, hours, slowdown);
  const grown = (counts: Float64Array): Float64Array =>
    counts.map((count, h) => {
      const was = before?.[h] ?? 0;
      if (was === 0 || after === undefined) return count;
      const needed = after[h] as number;
      // A fleet that stands at its minimum has room: it grows when what is needed outgrows it.
      return count <= (state.minimum[h] as number) + 0.5 ? Math.max(count, needed) : (count * needed) / was;
    });
  const tasks = grown(state.tasks);
  return { ...state, size, slowdown, tasks, onDemand: sameShare(state, tasks) };
};

const usdOf = (state: FargateState, { book }: PlanContext): number => {
  const price =
    taskUsdPerHour(book, state.usage.region, state.architecture, state.size, 'onDemand') ?? Number.POSITIVE_INFINITY;
  return state.tasks.reduce((sum, count) => sum + count, 0) * price;
};

const words = ({ cpu, memoryMiB }: TaskSize): string => `${cpu / 1024} vCPU / ${memoryMiB / 1024} GB`;
