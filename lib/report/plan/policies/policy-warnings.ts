import type { Usd } from '../../../model/units.ts';
import type { PlayedWay } from '../../replay/replays.ts';
import type { FargateUsage } from '../../usage/usage.ts';
import type { Warning } from '../advice.ts';
import { cents, perMonth, usdOf } from '../bill.ts';
import { fargateState } from '../initial-states.ts';
import type { PlanContext } from '../plan-context.ts';
import { type FargateState, linesOf } from '../resource.ts';
import { comparePolicies, under } from './compare-policies.ts';
import { isBySlo, isFixed, scalingName, wayOf } from './way-of.ts';

type Finding = Pick<Warning, 'text' | 'remedy' | 'usdPerMonth'>;

/** A maximum that holds the fleet back, with what a larger one keeps and costs by the replay of the hardest days. */
export const maximumFinding = (usage: FargateUsage, hoursAtMax: number, context: PlanContext): Finding => {
  const text = `At its maximum of ${usage.bounds.max} tasks in ${hoursAtMax} hours.`;
  const state = fargateState(usage, context.usage.hours);
  const { slo } = usage;
  const own = slo && context.play(usage, wayOf(state), slo, 1);
  if (slo === undefined || own === undefined || wayOf(state).policy === 'recorded') {
    return { text, remedy: `Raise tasks.max above ${usage.bounds.max}.` };
  }
  const best = roomiest(own, slo.percent, (factor) => {
    const max = Math.ceil(state.max * factor);
    const played = context.play(usage, { ...wayOf(state), max }, slo, 1);
    return played && { max, played };
  });
  if (best === undefined) {
    return {
      text: `${text} ${replayed(own)} ${inTime(own)}: the promise of ${slo.percent} % bears it.`,
      remedy: 'Nothing now. Raise tasks.max before the load grows.',
    };
  }
  const usd =
    monthlyUsd(under(state, { minimum: state.minimum, max: best.max }, best.played), context) -
    monthlyUsd(under(state, { minimum: state.minimum, max: state.max }, own), context);
  return {
    text: `${text} ${replayed(own)} ${inTime(own)}; with at most ${best.max}, ${inTime(best.played)}, of ${slo.percent} %.`,
    remedy: `tasks: { max: ${best.max} }.`,
    usdPerMonth: cents(Math.max(0, usd)),
  };
};

interface Room {
  readonly max: number;
  readonly played: PlayedWay;
}

/** The smallest of a few maximums that keeps the promise, else the one that comes nearest. Undefined: none is better. */
const roomiest = (
  own: PlayedWay,
  percent: number,
  tryFactor: (factor: number) => Room | undefined,
): Room | undefined => {
  if (own.attainedPercent >= percent) return undefined;
  const twice = tryFactor(2);
  if (twice === undefined) return undefined;
  const isKept = twice.played.attainedPercent >= percent;
  const other = tryFactor(isKept ? 1.5 : 3);
  const best =
    other !== undefined && other.played.attainedPercent >= (isKept ? percent : twice.played.attainedPercent)
      ? other
      : twice;
  return best.played.attainedPercent > own.attainedPercent ? best : undefined;
};

/** A promise that its policy breaks and `slo` would keep. Undefined: nothing shows that it would. */
export const policyFinding = (usage: FargateUsage, context: PlanContext): Finding | undefined => {
  const state = fargateState(usage, context.usage.hours);
  if (isBySlo(state) && !isFixed(state)) return undefined;
  const found = comparePolicies(state, context);
  if (found === undefined) return undefined;
  const { own, slo, promise, after } = found;
  if (own.attainedPercent >= promise.percent || slo.attainedPercent < promise.percent) return undefined;
  const usd = monthlyUsd(after, context) - monthlyUsd(state, context);
  const bounds = `tasks: { min: ${Math.min(...after.minimum)}, max: ${after.max} }`;
  return {
    text:
      `${replayed(own)} ${inTime(own)} under ${scalingName(state)}, and ${inTime(slo)} under slo, ` +
      `of ${promise.percent} % within ${promise.startWithinSeconds} s${usd < 0 ? ', for less' : ''}.`,
    remedy: `policy: { type: 'slo' }, ${bounds}.`,
    ...(usd > 0 ? { usdPerMonth: cents(usd) } : {}),
  };
};

const replayed = ({ days }: PlayedWay): string =>
  `Its hardest ${days.length === 1 ? 'day' : `${days.length} days`} again:`;

const inTime = ({ attainedPercent }: PlayedWay): string => `${attainedPercent.toFixed(2)} % in time`;

const monthlyUsd = (state: FargateState, { book, usage }: PlanContext): Usd =>
  perMonth(
    (linesOf(state, book, usage.hours) ?? []).reduce((sum, line) => sum + usdOf(line.usd), 0),
    usage.hours,
  );
