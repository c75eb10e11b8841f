import { describe, expect, it } from 'vitest';
import { clockChangeOn, clockChanges } from '../../lib/schedule/clock-change.ts';
import { settingsAt } from '../../lib/schedule/settings-at.ts';
import { transitions } from '../../lib/schedule/transitions.ts';
import { epoch, planWith } from './plan-for-test.ts';

const reference = planWith({
  calendar: { timeZone: 'Europe/Copenhagen', holidays: ['2026-10-26'] },
  schedule: [
    {
      name: 'business',
      days: 'weekdays',
      fromMinute: 480,
      toMinute: 1080,
      tasks: { exact: 5 },
      size: { cpu: 1024, memoryMiB: 2048 },
    },
    { name: 'weekend', days: 'weekends', tasks: { exact: 1 } },
    { name: 'off hours', days: 'every', tasks: { exact: 2 }, size: { cpu: 512, memoryMiB: 1024 } },
  ],
});

describe('transitions', () => {
  it('begins with the state at the start and follows the clock through a DST weekend and a holiday', () => {
    const found = transitions(reference, epoch('2026-10-23T12:34:56Z'), 5);
    expect(found.map(({ at, local, window }) => [at, local, window])).toEqual([
      ['2026-10-23T12:34:56Z', '2026-10-23T14:34:56+02:00', 'business'],
      ['2026-10-23T16:00:00Z', '2026-10-23T18:00:00+02:00', 'off hours'],
      ['2026-10-23T22:00:00Z', '2026-10-24T00:00:00+02:00', 'weekend'],
      ['2026-10-26T23:00:00Z', '2026-10-27T00:00:00+01:00', 'off hours'],
      ['2026-10-27T07:00:00Z', '2026-10-27T08:00:00+01:00', 'business'],
      ['2026-10-27T17:00:00Z', '2026-10-27T18:00:00+01:00', 'off hours'],
      ['2026-10-28T07:00:00Z', '2026-10-28T08:00:00+01:00', 'business'],
    ]);
    expect(found.map(({ tasks, worker }) => [tasks.max, worker?.cpu]).slice(0, 3)).toEqual([
      [5, 1024],
      [2, 512],
      [1, 256],
    ]);
  });

  it('tells each change that settingsAt makes, and no other', () => {
    const from = epoch('2026-03-27T00:00:00Z');
    const byMinute: string[] = [];
    for (let at = from, last: unknown = ''; at < from + 4 * 86_400; at += 60) {
      const { window } = settingsAt(reference, at);
      if (window !== last) byMinute.push(new Date(at * 1000).toISOString().replace('.000', ''));
      last = window;
    }
    expect(transitions(reference, from, 4).map(({ at }) => at)).toEqual(byMinute);
  });

  it('has one entry and no size without a schedule', () => {
    expect(transitions(planWith(), 0, 14)).toEqual([
      {
        service: 'convert',
        at: '1970-01-01T00:00:00Z',
        local: '1970-01-01T00:00:00+00:00',
        window: null,
        tasks: { min: 0, max: 50 },
      },
    ]);
  });
});

describe('clock changes', () => {
  it.each([
    ['Europe/Copenhagen', '2026-03-29T12:00:00Z', 'clocks go forward 60 min'],
    ['Europe/Copenhagen', '2026-03-28T12:00:00Z', undefined],
    ['Europe/Copenhagen', '2026-10-25T22:00:00Z', 'clocks go back 60 min'],
    ['Australia/Lord_Howe', '2026-10-03T20:00:00Z', 'clocks go forward 30 min'],
    ['Asia/Kathmandu', '2026-10-25T12:00:00Z', undefined],
  ])('%s at %s: %s', (zone, at, text) => {
    expect(clockChangeOn(zone, epoch(at))).toBe(text);
  });

  it('lists them over years', () => {
    const found = clockChanges('America/New_York', epoch('2026-01-01T00:00:00Z'), epoch('2029-01-01T00:00:00Z'));
    expect(found.map(({ local }) => local.slice(0, 10))).toEqual([
      '2026-03-08',
      '2026-11-01',
      '2027-03-14',
      '2027-11-07',
      '2028-03-12',
      '2028-11-05',
    ]);
  });
});
