import { nameOf } from '../plan/commitments/commitment-advice.ts';
import type { CommitmentOption } from '../plan/commitments/commitment-option.ts';
import { poolWords } from '../plan/commitments/pool-words.ts';
import { heading, note, paragraph, small, table, text } from './mail-html.ts';
import type { WeeklyReport } from './weekly-report.ts';
import { money, share, whole } from './words.ts';

/** All terms side by side, a table for each pool of usage, the pools with most to save first. */
export const commitmentSection = ({ plan }: WeeklyReport, poolsMax: number): string => {
  const options = plan.commitmentOptions.filter(({ optimalFeeUsdPerHour }) => optimalFeeUsdPerHour > 0);
  if (options.length === 0 && plan.commitNothing === undefined) return '';
  const pools = [...Map.groupBy(options, ({ pool }) => pool)].toSorted(([, a], [, b]) => best(b) - best(a));
  return [
    heading('Commitments, side by side', 2),
    ...(plan.commitNothing === undefined ? [] : [paragraph(`<b>${text(plan.commitNothing)}</b>`)]),
    ...pools.slice(0, poolsMax).map(([pool, of]) => poolTable(pool, of)),
    ...(pools.length > poolsMax ? [note(`${pools.length - poolsMax} more pools are in report.json.`)] : []),
    ...(options.length === 0
      ? []
      : [
          note(
            'On what the changes above leave; only what is in the plan above is counted there. The fee is the one that bears usage that goes away; in brackets, the best one if the coming weeks were as the past ones. Savings are after the cost of capital of what is paid upfront. Sluice never buys anything.',
          ),
        ]),
  ].join('\n');
};

const best = (options: readonly CommitmentOption[]): number =>
  Math.max(...options.map(({ afterCapitalUsdPerMonth }) => afterCapitalUsdPerMonth));

const poolTable = (pool: string, options: readonly CommitmentOption[]): string =>
  table(
    [{ title: poolWords(pool) }, { title: 'USD an hour', right: true }, { title: 'Saves a month', right: true }],
    options.map((option) => [
      `${text(nameOf(option.offer))}${small(`${text(share(100 * option.discount))} off, pays after ${text(whole(option.breakEvenHours))} h of use`)}`,
      text(
        option.optimalFeeUsdPerHour - option.feeUsdPerHour < 0.00005
          ? option.feeUsdPerHour.toFixed(4)
          : `${option.feeUsdPerHour.toFixed(4)} (${option.optimalFeeUsdPerHour.toFixed(4)})`,
      ),
      text(money(option.afterCapitalUsdPerMonth)),
    ]),
  );
