import type { Draft, ServiceFields } from '../draft.ts';
import type { Source } from '../source/source.ts';
import { quantity } from './quantity.ts';

type BehaviorInput = NonNullable<ServiceFields['behavior']>;
type DirectionInput = { -readonly [K in keyof Direction]: Direction[K] };
type Direction = NonNullable<BehaviorInput['scaleOut']>;
type RateInput = NonNullable<Direction['policies']>[number];

/** HPA's own tolerance where a direction does not say another. */
export const hpaTolerance = 0.1;

/** What the HPA does unless `behavior` says otherwise: written out, since a config should not rest on another system's defaults. */
const usual = {
  scaleOut: {
    window: 0,
    policies: [
      { percent: 100, periodSeconds: 15 },
      { tasks: 4, periodSeconds: 15 },
    ],
  },
  scaleIn: { window: 300, policies: [{ percent: 100, periodSeconds: 15 }] },
} as const satisfies Record<string, { window: number; policies: readonly RateInput[] }>;

/** `behavior` of an HPA, also the one inside a ScaledObject, and the tolerance that target tracking gets with it. */
export const hpaBehavior = (
  draft: Draft,
  behavior: Source | undefined,
  key: string,
): { readonly tolerance: number } => {
  const out = behavior?.get('scaleUp');
  const inward = behavior?.get('scaleDown');
  const given = {
    scaleOut: direction(draft, out, 'scaleOut', `${key}.scaleUp`),
    scaleIn: direction(draft, inward, 'scaleIn', `${key}.scaleDown`),
  };
  draft.service.behavior = given;
  return tolerances(given, toleranceOf(out), toleranceOf(inward));
};

const direction = (
  draft: Draft,
  source: Source | undefined,
  name: 'scaleOut' | 'scaleIn',
  key: string,
): DirectionInput => {
  const at = `behavior.${name}`;
  const window = source?.get('stabilizationWindowSeconds')?.wholeNumber();
  const select = source?.get('selectPolicy')?.oneOf(['Max', 'Min', 'Disabled']);
  const policies = source?.get('policies')?.items().map(ratePolicy);
  if (policies === undefined) draft.usual(undefined, rateWords[name], `${key}.policies`, `${at}.policies`, 'The HPA');
  return {
    stabilizationSeconds: draft.usual(
      window,
      usual[name].window,
      `${key}.stabilizationWindowSeconds`,
      `${at}.stabilizationSeconds`,
      'The HPA',
    ),
    ...(select !== undefined && select !== 'Max' && { select: select === 'Min' ? 'min' : 'disabled' }),
    policies: policies ?? usual[name].policies.map((policy) => ({ ...policy })),
  };
};

const rateWords = { scaleOut: '100 % or 4 pods per 15 s', scaleIn: '100 % per 15 s' } as const;

const ratePolicy = (source: Source): RateInput => {
  const periodSeconds = source.need('periodSeconds', 'Say within how many seconds.').wholeNumber(1);
  const value = source.need('value', 'Say how much.').wholeNumber(1);
  return source.need('type', 'Write Pods or Percent.').oneOf(['Pods', 'Percent']) === 'Pods'
    ? { tasks: value, periodSeconds }
    : { percent: value, periodSeconds };
};

const toleranceOf = (direction: Source | undefined): number => {
  const tolerance = direction?.get('tolerance');
  return tolerance === undefined ? hpaTolerance : quantity(tolerance);
};

/** A direction's tolerance of 0 means "not set" to a behaviour, so the policy's own is the smaller of the two. */
const tolerances = (
  behavior: { readonly scaleOut: DirectionInput; readonly scaleIn: DirectionInput },
  out: number,
  inward: number,
): { readonly tolerance: number } => {
  const tolerance = Math.min(out, inward);
  if (out > tolerance) behavior.scaleOut.tolerance = out;
  if (inward > tolerance) behavior.scaleIn.tolerance = inward;
  return { tolerance };
};
