import type { Settings } from '../model/plan.ts';
import type { Chain } from './chain.ts';
import type { ClosedDirection } from './ruling.ts';

/** What the guards closed. Of several scale-in closures the first is told; of scale-out the tightest holds. */
export interface Closed {
  readonly in: readonly ClosedDirection[];
  readonly out: readonly ClosedDirection[];
}

/**
 * @param asked what was asked for a moment ago and may not be visible yet: less would be a scale-in in truth
 *
 * The guards' closed directions come after pacing: bounds may still lift to a floor, for a floor is a person's word.
 */
export const closeDirections = (
  chain: Chain,
  current: number,
  asked: number,
  bounded: number,
  { tasks }: Pick<Settings, 'tasks'>,
  closed: Closed,
): void => {
  const paced = chain.count;
  const [noScaleIn] = closed.in;
  const least = Math.max(current, asked);
  if (paced < least && noScaleIn) {
    const to = Math.min(least, Math.max(tasks.max, paced));
    if (to !== paced) chain.to('guard', noScaleIn.code, `${noScaleIn.text} It would have been ${paced}.`, to);
    return;
  }
  const noScaleOut = closed.out.toSorted((a, b) => (a.upTo ?? 0) - (b.upTo ?? 0))[0];
  if (paced > current && noScaleOut) {
    const open = Math.min(paced, Math.max(current, noScaleOut.upTo ?? current));
    const to = Math.max(open, Math.min(tasks.min, bounded));
    if (to !== paced) chain.to('guard', noScaleOut.code, `${noScaleOut.text} It would have been ${paced}.`, to);
  }
};
