import { describe, expect, it } from 'vitest';
import { type Evidence, trustOf } from '../../../lib/report/backtest/trust.ts';

const sound: Evidence = {
  seconds: 14 * 86_400,
  jobs: 100_000,
  finestPeriodSeconds: 60,
  finestShare: 1,
  unknownSeconds: 0,
  startWithinSeconds: 60,
  startDelay: 'given',
  serviceSeconds: { value: 10, low: 9.5, high: 10.5 },
  balance: 1.001,
  today: { measured: { low: 95, high: 99 }, simulated: 98 },
};

/** Goal: the grade is that of the weakest part, and that part is named. */
describe('trust', () => {
  it('is good when nothing speaks against it', () => {
    expect(trustOf(sound).grade).toBe('good');
  });

  it.each<[string, Partial<Evidence>, 'fair' | 'poor', RegExp]>([
    ['three days', { seconds: 3 * 86_400 }, 'fair', /3 days of history/],
    ['a day', { seconds: 86_400 }, 'poor', /24 h of history/],
    ['hours for a promise of a minute', { finestPeriodSeconds: 3600 }, 'poor', /bursts shorter/],
    ['half of it coarse', { finestShare: 0.4 }, 'fair', /40 % in periods of 60 s/],
    ['a short gap', { unknownSeconds: 3600 }, 'fair', /60 min \(0.3 %\) are not recorded/],
    ['a long one', { unknownSeconds: 86_400 }, 'poor', /24 h \(7.1 %\) are not recorded/],
    ['few jobs', { jobs: 300 }, 'poor', /only 300 jobs/],
    ['a run time within a fifth', { serviceSeconds: { value: 10, low: 8, high: 12 } }, 'fair', /8 s to 12 s/],
    ['a run time that nobody knows', { serviceSeconds: { value: 10, low: 5, high: 15 } }, 'poor', /jobs fetched/],
    ['messages that are never deleted', { balance: 1.1 }, 'fair', /dead-letter queue/],
    ['deletes that were never sent', { balance: 0.5 }, 'poor', /deleted twice/],
    ['an assumed start', { startDelay: 'assumed' }, 'fair', /--start-seconds/],
    [
      'a record too coarse to tell',
      { today: { measured: { low: 17, high: 96 }, simulated: 68 } },
      'fair',
      /waits lie near the promise/,
    ],
    [
      'a simulator that says otherwise than the record',
      { today: { measured: { low: 95, high: 99 }, simulated: 70 } },
      'poor',
      /95.0 to 99.0 % started in time today; .* 70.0 %/,
    ],
  ])('%s', (_, change, grade, text) => {
    const trust = trustOf({ ...sound, ...change });
    expect(trust.grade).toBe(grade);
    expect(trust.reasons.filter((reason) => reason.grade === grade).map((reason) => reason.text)).toEqual([
      expect.stringMatching(text),
    ]);
  });
});
