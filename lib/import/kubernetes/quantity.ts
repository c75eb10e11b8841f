import { type Source, wrong } from '../source/source.ts';

/** A Kubernetes quantity as a plain number: `500m` is 0.5, `1k` 1,000, `2Gi` 2,147,483,648. */
export const quantity = (source: Source): number => {
  const match = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$/.exec(source.text());
  const value = Number(match?.[1]) * (factors[match?.[2] ?? ''] ?? Number.NaN);
  if (!Number.isFinite(value))
    throw wrong(source, source.shown, 'a quantity such as "100", "500m" or "1k"', 'Correct it.');
  return value;
};

const factors: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};
