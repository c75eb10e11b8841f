import { usesOf } from '../../model/limits.ts';
import type { Settings } from '../../model/plan.ts';
import { type Ruling, unchanged } from '../ruling.ts';

/**
 * The most tasks that a shared limit would allow even if this service had all of it. It goes before the floor: a
 * database that refuses connections does not ask what was promised.
 */
export const limitShare = (wanted: number, settings: Settings): Ruling => {
  const uses = usesOf(settings);
  let desired = wanted;
  let binding: string | undefined;
  for (const name in uses) {
    // 0.3 / 0.1 is 2.9999999999999996 in binary, and three tasks on paper.
    const most = Math.floor((settings.limits?.[name] ?? 0) / (uses[name] ?? 1) + 1e-9);
    if (most < desired) {
      desired = most;
      binding = name;
    }
  }
  if (binding === undefined) return unchanged(wanted);
  const text = `The limit "${binding}" of ${settings.limits?.[binding]} allows ${desired} tasks at ${uses[binding]} each; ${wanted} were wanted.`;
  return {
    desired,
    steps: [{ stage: 'allocate', code: 'aboveLimit', text, from: wanted, to: desired }],
    alerts: [{ code: 'limitShort', severity: 'warning', text: `${settings.service}: ${text}` }],
  };
};
