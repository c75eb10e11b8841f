import { duration, usd } from '../run/format.ts';
import type { Comparison } from './comparison.ts';
import { attained } from './format.ts';

/** What came out, in one or two sentences. */
export const comparisonHeadline = ({ objective, policies }: Comparison): string => {
  const promise = `${objective.percent} % of the jobs start within ${duration(objective.startWithinSeconds)}`;
  const [best, second] = policies.filter((policy) => policy.kept);
  if (!best) {
    const nearest = policies[0];
    return `No policy here keeps the promise that ${promise}.${nearest ? ` ${nearest.name} comes nearest, with ${attained(nearest.attainedPercent)}.` : ''}`;
  }
  const cost = `${best.name} keeps the promise that ${promise} for ${usd(best.usd)}`;
  if (!second) return `${cost}; no other policy here keeps it.`;
  return `${cost}. Next comes ${second.name}, ${more(second.usd / best.usd - 1)}.`;
};

const more = (share: number): string =>
  share < 0.005
    ? 'at the same cost'
    : `${share < 1 ? `${Math.round(100 * share)} %` : `${(share + 1).toFixed(1)} times as`} ${share < 1 ? 'dearer' : 'dear'}`;
