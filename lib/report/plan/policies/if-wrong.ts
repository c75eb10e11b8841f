import { createRandom } from '../../../simulate/random.ts';
import type { PlayedWay } from '../../replay/replays.ts';
import type { IfWrong } from '../advice.ts';

/** Weeks put together from the replayed days: how many would break the promise, and what the worst day cost. */
export const ifWrongByDays = (
  played: PlayedWay,
  percent: number,
  usdPerTaskHour: number,
  settings: { readonly bootstrapSamples: number; readonly seed: number },
): IfWrong => {
  const { days } = played;
  const random = createRandom(settings.seed).fork('ifWrong');
  const groups = [
    { of: days.filter(({ day }) => day.kind === 'workday'), times: 5 },
    { of: days.filter(({ day }) => day.kind !== 'workday'), times: 2 },
  ].filter(({ of }) => of.length > 0);
  let brokenWeeks = 0;
  const samples = Math.max(1, settings.bootstrapSamples);
  for (let i = 0; i < samples; i++) {
    let late = 0;
    let judged = 0;
    for (const { of, times } of groups) {
      for (let n = 0; n < times; n++) {
        const day = of[random.integer(of.length)];
        late += day?.late ?? 0;
        judged += day?.judged ?? 0;
      }
    }
    if (judged > 0 && late > judged * (1 - percent / 100) + 1e-9) brokenWeeks += 1;
  }
  const worst = days.reduce((most, { late }) => Math.max(most, late), 0);
  const mean = played.taskHours / Math.max(1, days.length);
  const dearest = days.reduce(
    (most, { hours }) =>
      Math.max(
        most,
        hours.reduce((sum, { tasks }) => sum + tasks, 0),
      ),
    0,
  );
  return {
    chancePercent: 100 * Math.max(brokenWeeks / samples, unseen(days.length)),
    of: 'day',
    looked: days.length,
    broken: days.filter(({ late, judged }) => late > judged * (1 - percent / 100) + 1e-9).length,
    lateJobs: worst,
    usd: Math.max(0, dearest - mean) * usdPerTaskHour,
  };
};

/** What never happened in n trials may still happen in the next: half a time in n + 1 (Jeffreys). */
export const unseen = (trials: number, seen = 0): number => (seen + 0.5) / (trials + 1);
