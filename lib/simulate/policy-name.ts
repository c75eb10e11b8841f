import { cdkQueueProcessing } from './baselines/cdk-queue-processing.ts';
import { copilot } from './baselines/copilot.ts';
import { keda } from './baselines/keda.ts';
import { predictive } from './baselines/predictive.ts';
import type { Baseline } from './baselines/situation.ts';
import { slo } from './baselines/slo.ts';
import { targetTracking } from './baselines/target-tracking.ts';
import { threshold } from './baselines/threshold.ts';

/** All but `static`, whose count is found and not set. */
export const baselines = {
  targetTracking,
  cdkQueueProcessing,
  keda,
  copilot,
  threshold,
  predictive,
  slo,
} satisfies Readonly<Record<string, Baseline>>;

export type BaselineName = keyof typeof baselines;
/** Every name that is not one of a config. Each also exists as `NAME:tuned`. */
export const policyNames: readonly ('static' | BaselineName)[] = [
  'static',
  ...(Object.keys(baselines) as BaselineName[]),
];

/** What was asked for: a policy of the catalogue, as documented or tuned, or a service of a config file. */
export type PolicyChoice =
  | { readonly kind: 'static' }
  | { readonly kind: 'baseline'; readonly name: BaselineName; readonly tuned: boolean }
  | { readonly kind: 'config'; readonly file: string; readonly service: string };

/** Undefined: there is no such policy. */
export const policyChoice = (name: string): PolicyChoice | undefined => {
  const config = /^config:(.+)#([^#]+)$/.exec(name);
  if (config) return { kind: 'config', file: config[1] ?? '', service: config[2] ?? '' };
  const [base = '', setting, ...more] = name.split(':');
  if (more.length > 0 || (setting !== undefined && setting !== 'tuned')) return undefined;
  // The best static fleet is one by hindsight anyway.
  if (base === 'static') return { kind: 'static' };
  return Object.hasOwn(baselines, base)
    ? { kind: 'baseline', name: base as BaselineName, tuned: setting === 'tuned' }
    : undefined;
};
