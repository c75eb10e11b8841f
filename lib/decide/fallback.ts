import type { ExplanationStep } from '../model/decision.ts';
import type { Fallback, Settings } from '../model/plan.ts';
import type { EpochSeconds } from '../model/units.ts';

/** What to do while no policy can tell: hold at first, then the configured fallback count. */
export const fallback = (
  settings: Settings,
  current: number,
  unknownSince: EpochSeconds,
  now: EpochSeconds,
): { readonly desired: number; readonly step: ExplanationStep } => {
  const rule = settings.fallback;
  const step = (code: string, text: string, to: number) => ({
    desired: to,
    step: { stage: 'guard', code, text, from: current, to } as const,
  });
  if (!rule) return step('holdUnknown', 'Without a usable signal the count stays.', current);
  const leftSeconds = rule.afterSeconds - (now - unknownSince);
  if (leftSeconds > 0)
    return step(
      'holdUnknown',
      `Without a usable signal the count stays; the fallback takes over in ${Math.ceil(leftSeconds)} s.`,
      current,
    );
  const to = fallbackCount(rule, current);
  return step('fallback', `No usable signal for ${Math.round(now - unknownSince)} s: the fallback is ${to} tasks.`, to);
};

const fallbackCount = (rule: Fallback, current: number): number => {
  if (typeof rule.count === 'number') return rule.count;
  const than = rule.than ?? current;
  switch (rule.count) {
    case 'current':
      return current;
    case 'currentIfHigher':
      return Math.max(current, than);
    case 'currentIfLower':
      return Math.min(current, than);
    default:
      return rule.count satisfies never;
  }
};
