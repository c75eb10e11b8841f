import { taskUsdPerHour } from '../../prices/price-book.ts';
import type { PlayedWay } from '../../replay/replays.ts';
import type { Evidence, Level, Proposal } from '../advice.ts';
import { literal } from '../literal.ts';
import type { PlanContext } from '../plan-context.ts';
import { type ComparedPolicies, comparePolicies } from '../policies/compare-policies.ts';
import { ifWrongByDays } from '../policies/if-wrong.ts';
import { isFixed, scalingName } from '../policies/way-of.ts';
import type { FargateState, ResourceState } from '../resource.ts';

/**
 * Sluice's `slo` instead of what sets the count today: a fixed fleet, another policy, somebody else's scaler. Advised when
 * the same recorded arrivals cost less under it and the promise is kept, or broken no more than today.
 */
export const proposePolicy = (state: ResourceState, context: PlanContext): Proposal | undefined => {
  if (state.kind !== 'fargate') return undefined;
  const found = comparePolicies(state, context);
  if (found === undefined || !found.holds) return undefined;
  const { after, slo, promise } = found;
  const { name } = state.usage;
  const days = slo.days.length;
  const closeToRecord = Math.abs(found.own.taskHours / recordedTaskHours(state, slo) - 1) <= 0.1;
  const bounds = { min: Math.round(Math.min(...after.minimum)), max: after.max };
  return {
    kind: 'policy',
    title: `${name}: slo instead of ${scalingName(state)}`,
    change: { to: 'policy', policy: { type: 'slo' }, tasks: bounds },
    after,
    evidence: evidenceOf(state, found),
    risk: days >= 4 ? 'low' : 'medium',
    effort: state.scaling?.by === 'other' ? 'medium' : 'low',
    confidence: confidenceOf(days, closeToRecord, found.assumed),
    reversible: true,
    rollback: rollbackOf(state),
    ifWrong: ifWrongByDays(slo, promise.percent, usdPerTaskHour(after, context), context.settings),
    patch: [{ as: 'config', text: patchOf(state, found, bounds) }],
  };
};

const confidenceOf = (days: number, closeToRecord: boolean, assumed: boolean): Level =>
  assumed || days < 2 ? 'low' : days >= 7 && closeToRecord ? 'high' : 'medium';

const usdPerTaskHour = ({ usage, architecture, size }: FargateState, { book }: PlanContext): number =>
  taskUsdPerHour(book, usage.region, architecture, size, 'onDemand') ?? 0;

/** Of the hours that were replayed. */
const recordedTaskHours = ({ tasks }: FargateState, { hours }: PlayedWay): number =>
  hours.reduce((sum, { hour }) => sum + (tasks[hour] as number), 0);

const evidenceOf = (state: FargateState, { own, slo, promise, assumed }: ComparedPolicies): readonly Evidence[] => {
  const byMinute = slo.days.filter(({ day }) => day.byMinute).length;
  const line = ({ taskHours, attainedPercent, waitSeconds }: PlayedWay): string =>
    `${taskHours.toFixed(1)} task-hours, ${attainedPercent.toFixed(2)} % in time, half of the jobs wait ${seconds(waitSeconds.p50)} and 95 % at most ${seconds(waitSeconds.p95)}`;
  const recorded = recordedTaskHours(state, own);
  return [
    {
      text: `Its hardest ${slo.days.length === 1 ? 'day' : `${slo.days.length} days`} again (${byMinute} by the minute, ${slo.judged.toLocaleString('en-US')} jobs): ${scalingName(state)} takes ${line(own)}; slo takes ${line(slo)}.`,
      series: slo.days[0]?.hours.map(({ tasks }) => Math.round(tasks * 10) / 10) ?? [],
    },
    { text: `The record of those hours has ${recorded.toFixed(1)} task-hours.` },
    ...(assumed
      ? [
          {
            text: `It has no objective; ${promise.percent} % within ${seconds(promise.startWithinSeconds)} is taken, near what it keeps today. Put your own.`,
          },
        ]
      : []),
  ];
};

const seconds = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} s`;

const rollbackOf = ({ scaling, usage }: FargateState): string =>
  scaling?.by === 'other'
    ? "Set mode back to 'shadow' and hand the count back to what set it before."
    : `Set policy back to ${literal(scaling?.policy ?? { type: 'slo' })}${usage.bounds.min === usage.bounds.max ? ` and tasks to ${literal(usage.bounds)}` : ''}; the next tick follows it.`;

const patchOf = (
  state: FargateState,
  { promise, assumed }: ComparedPolicies,
  bounds: { readonly min: number; readonly max: number },
): string => {
  const { scaling, usage } = state;
  const same = bounds.max === state.max && !isFixed(state);
  return [
    ...(scaling?.by === 'other' ? ["mode: 'act', // was 'shadow'; switch the other scaler off first"] : []),
    ...(scaling?.by === 'sluice' && scaling.policy.type !== 'slo'
      ? [`policy: { type: 'slo' }, // was ${literal(scaling.policy)}`]
      : []),
    ...(same ? [] : [`tasks: ${literal(bounds)}, // was ${literal(usage.bounds)}`]),
    ...(assumed ? [`slo: ${literal(promise)},`] : []),
  ].join('\n');
};
