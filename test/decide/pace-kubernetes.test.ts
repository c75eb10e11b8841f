import { describe, expect, it } from 'vitest';
import type { Behavior, DirectionBehavior, RatePolicy } from '../../lib/model/policy.ts';
import type { PacingState } from '../../lib/model/state.ts';
import { behave, kubernetesDefault, paceOnce, play, start } from './pace-world.ts';

/*
 * Numbers from kubernetes.io "Horizontal Pod Autoscaling" (kubernetes/website 10ae7601) and from the tables of
 * pkg/controller/podautoscaler/horizontal_test.go (kubernetes/kubernetes 003e8629). Rows that only test min and max
 * replicas are not here: bounds come before pacing in Sluice.
 */

const tasks = (count: number, periodSeconds: number): RatePolicy => ({ tasks: count, periodSeconds });
const percent = (share: number, periodSeconds: number): RatePolicy => ({ percent: share, periodSeconds });
const outBy = (...policies: RatePolicy[]): Behavior => behave({ policies });
const inBy = (...policies: RatePolicy[]): Behavior => behave({}, { policies });
const selecting = (select: DirectionBehavior['select'], ...policies: RatePolicy[]): Partial<DirectionBehavior> => ({
  select,
  policies,
});

/** Events in the middle of equal parts of the period, as generateEventsUniformDistribution places them. */
const spread = (deltas: readonly number[], periodSeconds: number): PacingState['changes'] => {
  const part = periodSeconds / deltas.length;
  return deltas.map((delta, index) => [start - periodSeconds + part * (index + 0.5), delta] as const);
};

describe('kubernetes.io: scaling policies', () => {
  const documented = inBy(tasks(4, 60), percent(10, 60));
  it('80 to 10: 8 go first, then 8 of 72 (7.2 rounded up), and 4 at a time below 40', () => {
    const ticks = Array.from({ length: 25 }, (_, index) => ({ at: index * 60, proposed: 10 }));
    const counts = play(documented, 80, ticks).map(({ desired }) => desired);
    expect(counts.slice(0, 8)).toEqual([72, 64, 57, 51, 45, 40, 36, 32]);
    expect(counts.slice(8, 15)).toEqual([28, 24, 20, 16, 12, 10, 10]);
  });
  it.each([
    [80, 72],
    [72, 64],
    [41, 36],
    [40, 36],
    [39, 35],
    [5, 1],
  ])('%i may go to %i in one step', (current, desired) => {
    expect(paceOnce({ current, proposed: 0, behavior: documented }).desired).toBe(desired);
  });
  it('limit scale down rate: 10 % a minute', () => {
    expect(paceOnce({ current: 80, proposed: 10, behavior: inBy(percent(10, 60)) }).desired).toBe(72);
  });
  it('no more than 5 a minute: Min takes the smallest change', () => {
    const behavior = behave({}, selecting('min', percent(10, 60), tasks(5, 60)));
    expect(paceOnce({ current: 80, proposed: 10, behavior }).desired).toBe(75);
    expect(paceOnce({ current: 20, proposed: 10, behavior }).desired).toBe(18);
  });
  it('Disabled turns a direction off', () => {
    expect(paceOnce({ current: 80, proposed: 10, behavior: behave({}, { select: 'disabled' }) }).desired).toBe(80);
    expect(paceOnce({ current: 80, proposed: 90, behavior: behave({}, { select: 'disabled' }) }).desired).toBe(90);
    expect(paceOnce({ current: 80, proposed: 90, behavior: behave({ select: 'disabled' }) }).desired).toBe(80);
  });
  it('default scale up: 4 or 100 % every 15 s, whichever is more, until the goal', () => {
    const ticks = [0, 15, 30, 45, 60].map((at) => ({ at, proposed: 50 }));
    expect(play(kubernetesDefault, 1, ticks).map(({ desired }) => desired)).toEqual([5, 10, 20, 40, 50]);
  });
  it('default scale down: after 300 s everything at once', () => {
    const ticks = Array.from({ length: 23 }, (_, index) => ({ at: index * 15, proposed: index === 0 ? 20 : 2 }));
    const counts = play(kubernetesDefault, 20, ticks).map(({ desired }) => desired);
    expect(counts.slice(0, 20)).toEqual(Array(20).fill(20));
    expect(counts.slice(20)).toEqual([2, 2, 2]);
  });
  it('change downscale stabilization window: 60 s', () => {
    const ticks = [0, 15, 30, 45, 60].map((at) => ({ at, proposed: at === 0 ? 9 : 3 }));
    expect(play(behave({}, { stabilizationSeconds: 60 }), 9, ticks).map(({ desired }) => desired)).toEqual([
      9, 9, 9, 9, 3,
    ]);
  });
});

describe('horizontal_test.go, TestScalingWithRules', () => {
  type Row = readonly [
    name: string,
    behavior: Behavior,
    current: number,
    proposed: number,
    desired: number,
    changes?: PacingState['changes'],
  ];
  const rows: readonly Row[] = [
    ['within range', kubernetesDefault, 5, 7, 7],
    ['to 0', inBy(percent(100, 15)), 1, 0, 0],
    ['1 % of 3 is one', outBy(percent(1, 60)), 3, 1000, 4],
    ['20 of 1000', inBy(tasks(20, 60)), 1000, 3, 980],
    ['scaleUp with default behavior', kubernetesDefault, 10, 50, 20],
    ['pods larger than percent', outBy(tasks(100, 60), percent(100, 60)), 10, 500, 110],
    ['percent larger than pods', outBy(tasks(2, 60), percent(100, 60)), 10, 500, 20],
    ['large pods', outBy(tasks(100, 60)), 10, 50, 50],
    ['large percent', outBy(percent(10_000, 60)), 10, 50, 50],
    ['pods limit', outBy(tasks(30, 60)), 10, 50, 40],
    ['percent limit', outBy(percent(200, 60)), 10, 50, 30],
    ['down: pods larger', inBy(tasks(20, 60), percent(1, 60)), 100, 2, 80],
    ['down: percent smaller', inBy(tasks(2, 60), percent(1, 60)), 100, 2, 98],
    ['down: large pods', inBy(tasks(100, 60)), 10, 0, 0],
    ['down: 100 %', inBy(percent(100, 60)), 10, 2, 2],
    ['down: pods limit', inBy(tasks(5, 60)), 10, 2, 5],
    ['down: percent limit', inBy(percent(50, 60)), 10, 5, 5],
    ['up: after many, a small policy allows none', outBy(tasks(5, 120)), 100, 500, 100, spread([1, 5, 9], 120)],
    ['up: pods count earlier additions', outBy(tasks(150, 120)), 100, 500, 235, spread([1, 5, 9], 120)],
    ['up: percent of the count at the period start', outBy(percent(200, 120)), 100, 500, 255, spread([1, 5, 9], 120)],
    [
      'up: earlier ups and downs',
      outBy(percent(300, 300)),
      6,
      24,
      16,
      [
        [start - 60, 4],
        [start - 60, -2],
      ],
    ],
    ['down: default, earlier events do not matter', inBy(percent(100, 15)), 10, 5, 5, spread([-1, -5, -9], 120)],
    ['down: large pods, earlier events', inBy(tasks(115, 120)), 100, 0, 0, spread([-1, -5, -9], 120)],
    ['down: 100 %, earlier events', inBy(percent(100, 120)), 100, 2, 2, spread([-1, -5, -9], 120)],
    ['down: after many, a small policy allows none', inBy(tasks(5, 120)), 100, 2, 100, spread([-1, -5, -9], 120)],
    ['down: percent of the count at the period start', inBy(percent(50, 120)), 100, 0, 56, spread([-2, -4, -6], 120)],
    [
      'down: earlier ups and downs',
      inBy(percent(50, 180)),
      10,
      1,
      6,
      [
        [start - 60, 2],
        [start - 60, -4],
      ],
    ],
    ['down: earlier events prevent more', inBy(percent(10, 120)), 100, 0, 100, spread([-10, -10, -10], 120)],
    ['down: below zero', inBy(percent(1000, 120)), 10, 5, 5, spread([-10, -10, -10], 120)],
    ['outdated, one policy, up', outBy(tasks(1000, 60)), 100, 200, 200, spread([8, 12, 9, 11], 120)],
    [
      'not outdated, two policies, up',
      outBy(tasks(1000, 120), percent(100, 60)),
      100,
      200,
      200,
      spread([8, 12, 9, 11], 120),
    ],
    [
      'outdated, two policies, up',
      outBy(tasks(1000, 30), percent(100, 60)),
      100,
      200,
      200,
      spread([8, 12, 9, 11], 120),
    ],
    ['outdated, one policy, down', inBy(tasks(1000, 60)), 100, 5, 5, spread([-8, -12, -9, -11], 120)],
    [
      'not outdated, two policies, down',
      inBy(tasks(1000, 120), percent(100, 60)),
      100,
      5,
      5,
      spread([-8, -12, -9, -11], 120),
    ],
  ];
  it.each(rows.map((row) => ({ name: row[0], row })))(
    '$name',
    ({ row: [, behavior, current, proposed, desired, changes = []] }) => {
      expect(paceOnce({ current, proposed, behavior, pacing: { proposals: [], changes } }).desired).toBe(desired);
    },
  );
  it('TestCalculateScaleUpLimitWithScalingRules: Min of 2 pods and 50 % of 1', () => {
    expect(
      paceOnce({ current: 1, proposed: 9, behavior: behave(selecting('min', tasks(2, 60), percent(50, 60))) }).desired,
    ).toBe(2);
  });
  it('TestCalculateScaleDownLimitWithBehaviors: Min of 2 pods and 50 % of 5', () => {
    expect(
      paceOnce({ current: 5, proposed: 0, behavior: behave({}, selecting('min', tasks(2, 60), percent(50, 60))) })
        .desired,
    ).toBe(3);
  });
  it('TestStoreScaleEvents: 59 s ago counts, 60 and 61 s ago do not', () => {
    const left = (ago: number) =>
      paceOnce({
        current: 20,
        proposed: 99,
        behavior: outBy(tasks(10, 60)),
        pacing: { proposals: [], changes: [[start - ago, 6]] },
      }).desired;
    expect([59, 60, 61].map(left)).toEqual([24, 30, 30]);
  });
});

describe('horizontal_test.go, TestNormalizeDesiredReplicasWithBehavior and TestStabilizeDownscale', () => {
  const ago = (minutes: number, count: number) => [start - minutes * 60, count] as const;
  type Row = readonly [string, number, number, number, PacingState['proposals'], number, number];
  it.each<Row>([
    // name, up window, down window, current, recommendations, proposed, stabilized
    ['empty, down', 0, 0, 100, [], 5, 5],
    ['simple scale down', 0, 180, 100, [ago(2, 4), ago(1, 5)], 3, 5],
    ['simple scale up', 300, 0, 1, [ago(2, 4), ago(1, 5)], 7, 4],
    ['no scale down stabilization', 300, 0, 100, [ago(2, 1), ago(1, 2)], 3, 3],
    ['no scale up stabilization', 0, 300, 1, [ago(2, 4), ago(1, 5)], 3, 3],
    ['old recommendations, down', 0, 300, 100, [ago(10, 10), ago(9, 9)], 3, 3],
    ['old recommendations, up', 0, 0, 1, [ago(10, 10), ago(9, 9)], 100, 100],
    ['some old, down', 0, 180, 100, [ago(10, 10), ago(9, 9), ago(2, 5), ago(1, 4)], 3, 5],
    ['some old, up', 300, 0, 1, [ago(100, 10), ago(3, 9), ago(2, 5), ago(1, 6)], 100, 5],
    ['both: not up when the proposal goes down', 300, 300, 2, [ago(100, 2), ago(3, 3)], 1, 2],
    ['both: not down when the proposal goes up', 300, 300, 2, [ago(100, 2), ago(3, 1)], 3, 2],
    ['TestStabilizeDownscale', 0, 300, 4, [ago(10, 10), ago(1, 4)], 2, 4],
  ])('%s', (_, up, down, current, proposals, proposed, stabilized) => {
    const behavior = behave({ stabilizationSeconds: up }, { stabilizationSeconds: down });
    expect(paceOnce({ current, proposed, behavior, pacing: { proposals, changes: [] } }).desired).toBe(stabilized);
  });
});

describe('facts/peers.md 4 (a2)', () => {
  it('only the two documented scale-up policies together let 2 become 6', () => {
    expect(paceOnce({ current: 2, proposed: 100, behavior: kubernetesDefault }).desired).toBe(6);
  });
  it('percent rounds to exact numbers where binary would add one: 10 % of 100 is 10', () => {
    expect(paceOnce({ current: 100, proposed: 500, behavior: outBy(percent(10, 60)) }).desired).toBe(110);
    expect(paceOnce({ current: 100, proposed: 0, behavior: inBy(percent(90, 60)) }).desired).toBe(10);
  });
  it('a percent policy leaves 0 (Kubernetes would stay there)', () => {
    expect(paceOnce({ current: 0, proposed: 9, behavior: outBy(percent(100, 15)) }).desired).toBe(1);
  });
  it.each([
    [10, 11, 0.1, 10],
    [10, 12, 0.1, 12],
    [10, 9, 0.1, 10],
    [10, 8, 0.1, 8],
    [20, 21, 0.05, 20],
    [20, 22, 0.05, 22],
  ])('tolerance: %i → %i at %d is %i', (current, proposed, tolerance, desired) => {
    expect(paceOnce({ current, proposed, behavior: behave({ tolerance }, { tolerance }) }).desired).toBe(desired);
  });
  it('a tolerance that the policy applied to its signal is not applied again', () => {
    expect(paceOnce({ current: 10, proposed: 11, behavior: behave({ tolerance: 0.1 }), tolerated: true }).desired).toBe(
      11,
    );
  });
});
