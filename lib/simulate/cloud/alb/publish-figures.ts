import type { EpochSeconds } from '../../../model/units.ts';
import type { AlbEffect, AlbState, Answers, Tally, TargetGroup } from './types.ts';

export const emptyTally: Tally = { requests: 0, answers: undefined, unreachable: 0, rejected: 0 };

/**
 * Ends the period under way when its time is over. As at AWS, counts and times are there only when there is something to
 * count, and the number of healthy hosts whenever there are targets.
 */
export const publishFigures = (
  state: AlbState,
  now: EpochSeconds,
): { readonly state: AlbState; readonly effects: readonly AlbEffect[] } => {
  const { metricPeriodSeconds: period } = state.settings;
  if (now < state.periodAt + period) return { state, effects: [] };
  const at = state.periodAt;
  const effects = [...state.targetGroups.values()].flatMap((group) => figuresOf(group, at));
  const targetGroups = new Map(
    [...state.targetGroups].map(([arn, group]) => [arn, { ...group, tally: emptyTally }] as const),
  );
  return { state: { ...state, targetGroups, periodAt: Math.floor(now / period) * period }, effects };
};

type Metric = Extract<AlbEffect, { type: 'metric' }>;

const figuresOf = ({ tally, targets, fullName, loadBalancer }: TargetGroup, at: EpochSeconds): readonly Metric[] => {
  if (loadBalancer === undefined) return [];
  const dimensions = { LoadBalancer: loadBalancer, TargetGroup: fullName };
  const answers = listOf(tally.answers);
  const metric = (
    name: string,
    values: readonly number[],
    unit: Metric['unit'] = 'Count',
    of = dimensions as Metric['dimensions'],
  ): Metric => ({
    type: 'metric',
    name,
    unit,
    dimensions: of,
    at,
    values,
  });
  const count = (name: string, value: number, of?: Metric['dimensions']): readonly Metric[] =>
    value === 0 ? [] : [metric(name, [value], 'Count', of)];
  const ofStatus = (hundred: number): number =>
    answers.filter(({ status }) => Math.floor(status / 100) === hundred).length;
  const inService = [...targets.values()].filter(({ status }) => status !== 'draining');
  const healthy = inService.filter(({ status }) => status === 'healthy').length;
  return [
    ...count('RequestCount', tally.requests),
    ...(answers.length === 0
      ? []
      : [
          metric(
            'TargetResponseTime',
            answers.map(({ seconds }) => seconds),
            'Seconds',
          ),
        ]),
    ...[2, 3, 4, 5].flatMap((hundred) => count(`HTTPCode_Target_${hundred}XX_Count`, ofStatus(hundred))),
    ...count('TargetConnectionErrorCount', tally.unreachable),
    ...count('HTTPCode_ELB_5XX_Count', tally.unreachable + tally.rejected, { LoadBalancer: loadBalancer }),
    ...(inService.length === 0
      ? []
      : [metric('HealthyHostCount', [healthy]), metric('UnHealthyHostCount', [inService.length - healthy])]),
  ];
};

const listOf = (answers: Answers | undefined): readonly Answers[] => {
  const list: Answers[] = [];
  for (let one = answers; one !== undefined; one = one.before) list.push(one);
  return list;
};
