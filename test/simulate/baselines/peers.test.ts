import { describe, expect, it } from 'vitest';
import { AlarmTracker } from '../../../lib/simulate/baselines/alarm-tracker.ts';
import { cdkQueueProcessing } from '../../../lib/simulate/baselines/cdk-queue-processing.ts';
import { copilot } from '../../../lib/simulate/baselines/copilot.ts';
import { keda } from '../../../lib/simulate/baselines/keda.ts';
import { predictive } from '../../../lib/simulate/baselines/predictive.ts';
import type { Situation } from '../../../lib/simulate/baselines/situation.ts';
import { targetTracking } from '../../../lib/simulate/baselines/target-tracking.ts';
import type { MinutePoint, Scaler, Sight } from '../../../lib/simulate/scaler.ts';

/**
 * Goal: each peer does what its documentation says (shared/facts/peers.md, sections 0 to 4).
 * Method: sights made by hand, one rule at a time; the fleet obeys at once.
 */
const situation: Situation = {
  percent: 99,
  startWithinSeconds: 60,
  meanServiceSeconds: 5,
  concurrency: 1,
  bounds: { min: 0, max: 100 },
  initial: 1,
  stopTimeoutSeconds: 120,
  tickSeconds: 10,
  startEpoch: 1_767_571_200,
};

const sight = (
  t: number,
  change: { [K in keyof Sight]?: Partial<Sight[K]> } & { minutes?: readonly MinutePoint[] },
): Sight => ({
  t,
  queue: { visible: 0, inFlight: 0, ...change.queue },
  service: { desired: 1, running: 1, pending: 0, ...change.service },
  work: { started: 0, late: 0, completed: 0, busySlotSeconds: 0 },
  cpu: 0,
  minutes: change.minutes ?? [],
});

const minute = (t: number, point: Partial<MinutePoint>): MinutePoint => ({
  t,
  visible: 0,
  inFlight: 0,
  running: 1,
  sent: 0,
  deleted: 0,
  cpu: 0,
  ...point,
});

/** Plays from tick to tick; the count that was asked for is there at the next one. */
const play = (
  scaler: Scaler,
  start: number,
  ticks: number,
  see: (t: number, desired: number) => Parameters<typeof sight>[1],
): readonly number[] => {
  const counts: number[] = [];
  let desired = start;
  for (let i = 0; i < ticks; i += 1) {
    const t = i * scaler.tickSeconds;
    const { service, ...rest } = see(t, desired);
    desired = scaler.decide(sight(t, { ...rest, service: { desired, running: desired, ...service } })) ?? desired;
    counts.push(desired);
  }
  return counts;
};

describe('KEDA with the HPA', () => {
  const messages = (visible: number, inFlight = 0) => ({ queue: { visible, inFlight } });
  const documented = () => keda.documented(situation).create();

  it('wakes to one at a poll, then at most doubles or adds four every 15 s', () => {
    const counts = play(documented(), 0, 7, () => messages(200));
    expect(counts).toEqual([1, 5, 10, 20, 40, 40, 40]);
  });

  it('counts messages in flight, and leaves ten percent alone', () => {
    expect(play(documented(), 10, 1, () => messages(20, 33))).toEqual([10]);
    expect(play(documented(), 10, 1, () => messages(20, 36))).toEqual([12]);
    expect(play(documented(), 10, 1, () => messages(54))).toEqual([10]);
    expect(play(documented(), 10, 1, () => messages(56))).toEqual([12]);
  });

  it('scales in to the highest recommendation of 300 s', () => {
    const counts = play(documented(), 10, 24, (t) => messages(t === 0 ? 50 : 10));
    expect(counts.slice(0, 21)).toEqual(Array(21).fill(10));
    expect(counts.slice(21)).toEqual([2, 2, 2]);
  });

  it('goes to zero after 300 idle seconds, at a poll', () => {
    const counts = play(documented(), 1, 24, () => messages(0));
    expect(counts.indexOf(0)).toBe(330 / 15);
  });

  it('does not wake between polls', () => {
    const counts = play(documented(), 0, 3, (t) => messages(t >= 15 ? 9 : 0));
    expect(counts).toEqual([0, 0, 1]);
  });
});

describe('target tracking', () => {
  const tracker = (target = 10, cooldown = 300) =>
    new AlarmTracker({
      target,
      outCooldownSeconds: cooldown,
      inCooldownSeconds: cooldown,
      bounds: { min: 1, max: 100 },
    });
  const feed = (t: AlarmTracker, values: readonly number[], desired: number, from = 60, running = desired) =>
    values.map((value, i) => t.vote([{ value, running }], from + 60 * i, desired));

  it('acts on the third of three high minutes, in proportion', () => {
    expect(feed(tracker(), [25, 25, 25], 4)).toEqual([{}, {}, { out: 10 }]);
    expect(feed(tracker(), [25, 9, 25, 25], 4).at(-1)).toEqual({});
  });

  it('within the cooldown a larger step is counted from before the first', () => {
    const alarm = tracker();
    feed(alarm, [25, 25, 25], 4);
    expect(alarm.vote([{ value: 24, running: 10 }], 240, 10)).toEqual({});
    expect(alarm.vote([{ value: 40, running: 10 }], 300, 10)).toEqual({ out: 16 });
  });

  it('acts on the fifteenth of fifteen minutes below 90 %, by half at most', () => {
    const votes = feed(tracker(), Array(15).fill(1), 20);
    expect(votes.slice(0, 14)).toEqual(Array(14).fill({}));
    expect(votes[14]).toEqual({ in: 10 });
    expect(feed(tracker(), Array(15).fill(9), 20)[14]).toEqual({});
    expect(feed(tracker(), Array(15).fill(8.5), 20)[14]).toEqual({ in: 17 });
  });

  it('waits for its cooldown before it scales in again, and after scaling out', () => {
    const alarm = tracker();
    feed(alarm, Array(15).fill(1), 20);
    alarm.tookIn(900);
    expect(alarm.vote([{ value: 1, running: 10 }], 1140, 10)).toEqual({});
    expect(alarm.vote([{ value: 1, running: 10 }], 1200, 10)).toEqual({ in: 5 });
  });

  it('waits as long after scaling out', () => {
    const alarm = tracker();
    feed(alarm, Array(12).fill(1), 20);
    feed(alarm, [25, 25, 25], 20, 780);
    const votes = feed(alarm, Array(15).fill(1), 20, 960);
    expect(votes.findIndex((vote) => vote.in !== undefined)).toBe(14);
    const slow = new AlarmTracker({
      target: 10,
      outCooldownSeconds: 0,
      inCooldownSeconds: 1200,
      bounds: { min: 1, max: 100 },
    });
    feed(slow, [25, 25, 25], 20);
    const later = feed(slow, Array(25).fill(1), 20, 240);
    expect(later.findIndex((vote) => vote.in !== undefined)).toBe((180 + 1200 - 240) / 60);
  });

  it('without datapoints nothing moves', () => {
    const alarm = tracker();
    feed(alarm, [25, 25], 4);
    expect(alarm.vote([], 180, 4)).toEqual({});
  });

  it('its target is the backlog per task that the promise allows, and it never leaves one task', () => {
    const scaler = targetTracking.documented(situation).create();
    expect(scaler.bounds).toEqual({ min: 1, max: 100 });
    expect(targetTracking.documented(situation).text).toBe('backlog per task 12, cooldowns 300 s');
    const counts = play(scaler, 2, 3, (t) => ({ minutes: [minute(t, { visible: 48, running: 2 })] }));
    expect(counts).toEqual([2, 2, 4]);
  });
});

describe('CDK steps', () => {
  const scaler = () => cdkQueueProcessing.documented(situation).create();
  // Half busy: the CPU policy has nothing to say.
  const visible = (count: number) => (t: number) => ({ minutes: [minute(t, { visible: count, cpu: 0.5 })] });

  it.each([
    [99, 3],
    [100, 4],
    [499, 4],
    [500, 8],
  ])('%d messages: 3 becomes %d', (count, expected) => {
    expect(play(scaler(), 3, 1, visible(count))).toEqual([expected]);
  });

  it('adds once in a cooldown; a larger step adds what it is larger by', () => {
    const counts = play(scaler(), 3, 7, (t) => visible(t >= 120 ? 500 : 100)(t));
    expect(counts).toEqual([4, 4, 8, 8, 8, 8, 8]);
  });

  it('takes one away when five minutes were empty, once in a cooldown', () => {
    const counts = play(scaler(), 9, 12, visible(0));
    expect(counts).toEqual([9, 9, 9, 9, 8, 8, 8, 8, 8, 7, 7, 7]);
  });

  it('follows CPU at 50 % beside', () => {
    const busy = (t: number) => ({ minutes: [minute(t, { visible: 50, cpu: 0.9, running: 10 })] });
    expect(play(scaler(), 10, 3, busy)).toEqual([10, 10, 18]);
  });
});

describe('Copilot queue_delay', () => {
  it('publishes the rounded-up backlog per task from live reads, seen a minute later', () => {
    const scaler = copilot.documented(situation).create();
    const counts = play(scaler, 2, 4, () => ({ queue: { visible: 49 } }));
    expect(counts).toEqual([2, 2, 2, 5]);
    const rounded = play(copilot.documented(situation).create(), 30, 4, () => ({ queue: { visible: 361 } }));
    expect(rounded.at(-1)).toBe(33);
  });
});

describe('predictive scaling', () => {
  it('has no floor on the first day and, from then on, that of the same hour', () => {
    const scaler = predictive.documented(situation).create();
    // In the hour from 10:00: 5,760 jobs of 5 s are 8 tasks, 10 at 80 %. The backlog stays too low for target tracking.
    const see = (t: number) => ({
      minutes: [minute(t, { sent: Math.floor((t - 1) / 3600) % 24 === 10 ? 96 : 0, visible: 11, running: 1 })],
    });
    const counts = play(scaler, 1, 36 * 60, see);
    const at = (hours: number) => counts[Math.round(hours * 60)];
    expect(at(10.5)).toBe(1);
    expect([at(33.9), at(33.92), at(34.5)]).toEqual([1, 10, 10]);
  });

  it('the same weekday counts three times, and the forecast is renewed', () => {
    const scaler = predictive.documented(situation).create();
    const see = (t: number) => ({ minutes: [minute(t, { sent: t <= 86_400 ? 96 : 0, visible: 11, running: 1 })] });
    // 5,760 jobs an hour a week ago, none on the six days since: 3 × 5,760 ÷ 9 = 1,920 jobs, 3.3 tasks at 80 %.
    expect(play(scaler, 1, 24 * 60 * 7.5, see).at(-1)).toBe(10);
    const lower = play(predictive.documented(situation).create(), 1, 24 * 60 * 7.5, (t, desired) => ({
      ...see(t),
      minutes: [minute(t, { sent: t <= 86_400 ? 96 : 0, visible: 0, running: desired })],
    }));
    expect(lower.at(-1)).toBe(4);
  });

  it('never goes below the forecast, whatever target tracking wants', () => {
    const scaler = predictive.documented(situation).create();
    const see = (t: number) => ({ minutes: [minute(t, { sent: 96, visible: 0 })] });
    const counts = play(scaler, 30, 30 * 60, see);
    expect(counts.at(-1)).toBe(10);
  });
});
