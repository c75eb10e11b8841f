import { taskUsdPerHour } from '../../prices/price-book.ts';
import type { Proposal } from '../advice.ts';
import type { PlanContext } from '../plan-context.ts';
import { isLate } from '../policies/is-late.ts';
import { taskNeed } from '../policies/task-need.ts';
import type { FargateState, ResourceState } from '../resource.ts';

/** Between the notice and the end of a Spot task. */
const noticeSeconds = 120;

/**
 * The rest of the fleet on Spot, above a base that keeps the promise when all of Spot is taken at once: what the base
 * cannot start while replacements come up must still be startable within the objective.
 */
export const proposeSpot = (state: ResourceState, context: PlanContext): Proposal | undefined => {
  if (state.kind !== 'fargate' || !state.usage.interruptible || isLate(state.usage)) return undefined;
  const { usage, size, architecture } = state;
  const { book, settings } = context;
  const spot = taskUsdPerHour(book, usage.region, architecture, size, 'spot');
  const onDemand = taskUsdPerHour(book, usage.region, architecture, size, 'onDemand');
  const run = usage.serviceSeconds;
  if (spot === undefined || onDemand === undefined || run === undefined || usage.slo === undefined) return undefined;
  // A handler that may be stopped loses half a run on average; one that ends within the notice loses nothing.
  const lostHours = run.p99 * state.slowdown < noticeSeconds ? 0 : (run.mean * state.slowdown) / 2 / 3600;
  const spotRework = 1 / (1 - Math.min(0.5, settings.spotInterruptionsPerTaskHour * lostHours));
  if (spot * spotRework >= onDemand) return undefined;
  const need = taskNeed(usage, context.usage.hours, state.slowdown);
  if (need === undefined) return undefined;
  const kept = baseShare(usage.slo.startWithinSeconds, usage.startSeconds.p95);
  // One number for the whole week: that is what a capacity provider strategy can be told.
  const base = need.reduce((most, tasks) => Math.max(most, Math.ceil(tasks * kept)), settings.spotMinBase);
  const after: FargateState = {
    ...state,
    onDemand: state.onDemand.map((count) => Math.min(base, count)),
    spotRework,
  };
  return {
    kind: 'spot',
    title: `${usage.name}: Fargate Spot above a base of ${base}`,
    change: { to: 'spot', base },
    after,
    evidence: [
      {
        text: `A Spot task costs USD ${spot.toFixed(5)} an hour instead of ${onDemand.toFixed(5)} (feed of ${book.date}; Spot prices move).`,
      },
      {
        text:
          `If all Spot tasks go at once, replacements are up in ${usage.startSeconds.p95.toFixed(0)} s (95 %), and the base ` +
          `keeps the ${usage.slo.startWithinSeconds} s promise until then.`,
      },
      {
        text:
          lostHours === 0
            ? 'The longest jobs end within the two-minute notice: no work is done twice.'
            : `${(100 * (spotRework - 1)).toFixed(2)} % of the work is expected to be done twice; it is in the figure.`,
      },
    ],
    risk: 'medium',
    effort: 'low',
    confidence: 'medium',
    reversible: true,
    rollback: 'Set the strategy back to FARGATE alone: a deployment, no job is lost.',
    patch: [
      {
        as: 'cdk',
        text: `capacityProviderStrategies: [\n  { capacityProvider: 'FARGATE', base: ${base}, weight: 0 },\n  { capacityProvider: 'FARGATE_SPOT', weight: 1 },\n],`,
      },
      {
        as: 'command',
        text: `aws ecs update-service --service ${usage.name} --capacity-provider-strategy capacityProvider=FARGATE,base=${base},weight=0 capacityProvider=FARGATE_SPOT,weight=1 --force-new-deployment --region ${usage.region}`,
      },
    ],
  };
};

/**
 * With all of Spot gone, a base of share k starts k of what comes until replacements are up after D seconds; the job that
 * waits longest then waits (1 - k) D. It must not exceed the objective T, so k = 1 - T / D, with half of D in reserve.
 */
const baseShare = (startWithinSeconds: number, startP95Seconds: number): number =>
  Math.max(0, 1 - startWithinSeconds / (1.5 * startP95Seconds));
