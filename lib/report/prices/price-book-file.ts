import { z } from 'zod';
import { inputIssues } from '../../config/input-issues.ts';
import { decimal, group, oneOf, text } from '../../config/schema/field.ts';
import { BadInput } from '../../model/bad-input.ts';
import { mergePrices } from './merge-prices.ts';
import type { PriceBook } from './price-book.ts';

const usd = () => decimal(0, undefined, { above: true });
const byKey = <T extends z.ZodType>(value: T) => z.record(z.string(), value, { error: 'an object' });
const byArchitecture = () => {
  const regions = () => byKey(group({ usdPerVcpuHour: usd(), usdPerGiBHour: usd() })).default({});
  return group({ x86: regions(), arm64: regions() }).prefault({});
};

/** A price file: the fields of `PriceBook`, each as far as it is known. */
const priceFileSchema = group({
  currency: oneOf(['USD']),
  date: text('a day YYYY-MM-DD', (value) => /^\d{4}-\d\d-\d\d$/.test(value)),
  source: text('where the prices come from'),
  fargate: byArchitecture(),
  fargateSpot: byArchitecture(),
  instances: byKey(usd()).default({}),
  offers: z
    .array(
      group({
        kind: oneOf(['computeSavingsPlan', 'ec2SavingsPlan', 'databaseSavingsPlan', 'reservation']),
        years: z.union([z.literal(1), z.literal(3)], { error: '1 or 3' }),
        payment: oneOf(['none', 'partial', 'all']),
        ratios: byKey(decimal(0, 1, { above: true })),
      }),
      { error: 'a list of offers' },
    )
    .default([]),
  ipv4UsdPerHour: usd().exactOptional(),
  others: byKey(usd()).default({}),
});

/**
 * A price file over the bundled book: what the file does not have stays as bundled.
 * @throws BadInput
 */
export const pricesFrom = (input: unknown, bundled: PriceBook): PriceBook => {
  const parsed = priceFileSchema.safeParse(input);
  if (!parsed.success) {
    throw new BadInput(
      inputIssues(parsed.error.issues, input).map(({ issue }) => ({
        ...issue,
        path: issue.path === 'config' ? 'prices' : issue.path,
        mend: issue.mend.replace('docs/configuration.md', 'docs/report.md'),
      })),
    );
  }
  const { date, source, ipv4UsdPerHour, ...prices } = parsed.data;
  const merged = mergePrices(bundled, prices, date, source);
  return ipv4UsdPerHour === undefined ? merged : { ...merged, ipv4UsdPerHour };
};
