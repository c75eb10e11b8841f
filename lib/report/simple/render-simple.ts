import type { SimpleReport } from './simple-report.ts';

export const renderSimple = ({ usdPerMonth, savingUsdPerMonth, resources, unpriced }: SimpleReport): string =>
  [
    `Simple rules over the last seven days: USD ${savingUsdPerMonth.toFixed(2)} of ${usdPerMonth.toFixed(2)} a month.`,
    'They know no promise and prove nothing; `sluice report` without --mode does.',
    ...resources.flatMap(({ resource, usdPerMonth: usd, advice }) => [
      '',
      `${resource}: USD ${usd.toFixed(2)} a month${advice.length === 0 ? ', nothing to do' : ''}`,
      ...advice.map(
        ({ kind, why, size, usdPerMonth: saved }) =>
          `  ${kind.padEnd(8)} ${saved.toFixed(2).padStart(9)}  ${why}${size === undefined ? '' : ` → ${size.cpu / 1024} vCPU / ${size.memoryMiB / 1024} GB`}`,
      ),
    ]),
    ...(unpriced.length === 0 ? [] : ['', `No price, in no sum: ${unpriced.join(', ')}`]),
    '',
  ].join('\n');
