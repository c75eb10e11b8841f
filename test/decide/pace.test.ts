import { describe, expect, it } from 'vitest';
import { behave, kubernetesDefault, paceOnce, play, quiet, start } from './pace-world.ts';

describe('cooldowns (facts/peers.md 1)', () => {
  const out300 = behave({ cooldownSeconds: 300 });
  const justAdded = (by: number, ago = 60) => ({ ...quiet, scaledOutAt: start - ago, scaledOutBy: by });

  it('AWS guide: +2 was just made, a step of +3 comes: 1 is added', () => {
    expect(paceOnce({ current: 12, proposed: 15, behavior: out300, hot: justAdded(2) }).desired).toBe(13);
  });
  it.each([
    ['a smaller one waits', 12, 13, 60, 12],
    ['an equal one waits', 12, 14, 60, 12],
    ['a larger one passes with the difference', 12, 20, 60, 18],
    ['one second before the end', 12, 14, 299, 12],
    ['at the end', 12, 14, 300, 14],
  ])('%s', (_, current, proposed, ago, desired) => {
    expect(paceOnce({ current, proposed, behavior: out300, hot: justAdded(2, ago) }).desired).toBe(desired);
  });
  it('several scale-outs within one cooldown add up', () => {
    const counts = play(out300, 10, [
      { at: 0, proposed: 12 },
      { at: 60, proposed: 15 },
      { at: 120, proposed: 16 },
      { at: 180, proposed: 17 },
    ]).map(({ desired }) => desired);
    expect(counts).toEqual([12, 13, 13, 14]);
  });
  it('scale-in waits for its cooldown', () => {
    const behavior = behave({}, { cooldownSeconds: 300 });
    const counts = play(
      behavior,
      10,
      [0, 60, 299, 300].map((at) => ({ at, proposed: 9 - (at > 0 ? 3 : 0) })),
    );
    expect(counts.map(({ desired }) => desired)).toEqual([9, 9, 9, 6]);
  });
  it('a scale-out cancels the rest of the scale-in cooldown', () => {
    const behavior = behave({}, { cooldownSeconds: 300 });
    const counts = play(behavior, 10, [
      { at: 0, proposed: 8 },
      { at: 60, proposed: 12 },
      { at: 70, proposed: 5 },
    ]).map(({ desired }) => desired);
    expect(counts).toEqual([8, 12, 5]);
  });
  it('nothing was ever scaled: no cooldown, even at the epoch', () => {
    expect(paceOnce({ now: 5, current: 1, proposed: 2, behavior: out300 }).desired).toBe(2);
  });
});

describe('restart never scales in', () => {
  it('waits until the history is as long as the scale-in window', () => {
    const at = (age: number) =>
      paceOnce({ current: 9, proposed: 2, behavior: kubernetesDefault, since: start - age }).desired;
    expect([0, 60, 299, 300].map(at)).toEqual([9, 9, 9, 2]);
  });
  it('and still scales out', () => {
    expect(paceOnce({ current: 1, proposed: 3, behavior: kubernetesDefault, since: start }).desired).toBe(3);
  });
});

describe('a change that was asked for and never happened', () => {
  const lost = { ...quiet, asked: 8, askedFrom: 5, scaledOutAt: start - 10, scaledOutBy: 3 };
  const behavior = behave({ cooldownSeconds: 300, policies: [{ tasks: 4, periodSeconds: 60 }] });
  const pacing = { proposals: [], changes: [[start - 10, 3] as const] };

  it('is asked for again at once, and counted once', () => {
    const paced = paceOnce({ current: 5, proposed: 8, behavior, hot: lost, pacing });
    expect(paced.desired).toBe(8);
    expect(paced.pacing.changes).toEqual([[start - 10, 3]]);
  });
  it('is forgotten when another number is wanted now', () => {
    const paced = paceOnce({ current: 5, proposed: 9, behavior, hot: lost, pacing });
    expect(paced.desired).toBe(9);
    expect(paced.pacing.changes).toEqual([]);
  });
});

describe('explanation', () => {
  it('says what it would have been and until when', () => {
    const { steps } = paceOnce({
      current: 80,
      proposed: 10,
      behavior: behave({}, { stabilizationSeconds: 300, policies: [{ tasks: 4, periodSeconds: 60 }] }),
      pacing: { proposals: [[start - 100, 30]], changes: [[start - 20, -1]] },
    });
    expect(steps).toEqual([
      {
        stage: 'pace',
        code: 'scaleInStabilized',
        text: 'It would be 10, but the highest proposal of the last 300 s was 30; that one counts until 10:03:20Z.',
        from: 10,
        to: 30,
      },
      {
        stage: 'pace',
        code: 'scaleInRate',
        text: 'It would be 30, but the rate policies allow 77 now, and the next change from 10:00:40Z.',
        from: 30,
        to: 77,
      },
    ]);
  });
  it.each([
    [
      'tolerance',
      { current: 10, proposed: 11, behavior: behave({ tolerance: 0.1 }) },
      'It would be 11, but that is within the tolerance of 10 % around 10.',
    ],
    [
      'disabled',
      { current: 10, proposed: 9, behavior: behave({}, { select: 'disabled' as const }) },
      'It would be 9, but scale-in is disabled.',
    ],
    [
      'restart',
      { current: 10, proposed: 9, behavior: kubernetesDefault, since: start - 40 },
      'It would be 9, but the history is only 40 s long; scale-in waits until 10:04:20Z.',
    ],
    [
      'out cooldown',
      {
        current: 10,
        proposed: 11,
        behavior: behave({ cooldownSeconds: 60 }),
        hot: { ...quiet, scaledOutAt: start - 10, scaledOutBy: 2 },
      },
      'It would be 11, but 2 were just added and count towards it; the scale-out cooldown ends at 10:00:50Z.',
    ],
    [
      'in cooldown',
      {
        current: 10,
        proposed: 9,
        behavior: behave({}, { cooldownSeconds: 60 }),
        hot: { ...quiet, scaledInAt: start - 10 },
      },
      'It would be 9, but the scale-in cooldown ends at 10:00:50Z.',
    ],
    [
      'out window',
      {
        current: 2,
        proposed: 9,
        behavior: behave({ stabilizationSeconds: 60 }),
        pacing: { proposals: [[start - 30, 4] as const], changes: [] },
      },
      'It would be 9, but the lowest proposal of the last 60 s was 4; that one counts until 10:00:30Z.',
    ],
  ] as const)('%s', (_, input, text) => {
    expect(paceOnce(input).steps.map((step) => step.text)).toEqual([text]);
  });
  it('says nothing where nothing was taken away', () => {
    expect(paceOnce({ current: 10, proposed: 12, behavior: kubernetesDefault }).steps).toEqual([]);
  });
});
