import { describe, expect, it } from 'vitest';
import { decisionRows } from '../../../lib/report/run/decision-rows.ts';
import { decision } from './run-fixture.ts';

const hold = (t: number, summary: string) => decision(t, 2, 2, { kind: 'hold', summary });

describe('rows of decisions', () => {
  it.each([
    ['nothing', [], []],
    ['ticks without a change are one row', [decision(0, 2, 2), decision(2, 2, 2), decision(4, 2, 2)], ['quiet 3']],
    [
      'a change stands alone',
      [decision(0, 2, 2), decision(2, 2, 3), decision(4, 3, 3)],
      ['quiet 1', 'action', 'quiet 1'],
    ],
    ['a hold shows once for one reason', [hold(0, 'stale'), hold(2, 'stale'), hold(4, 'stale')], ['hold', 'quiet 2']],
    ['a new reason to hold shows', [hold(0, 'stale'), hold(2, 'failed')], ['hold', 'hold']],
    [
      'the same hold after a good tick shows again',
      [hold(0, 'stale'), decision(2, 2, 2), hold(4, 'stale')],
      ['hold', 'quiet 1', 'hold'],
    ],
  ])('%s', (_, records, rows) =>
    expect(decisionRows(records).map((row) => (row.kind === 'quiet' ? `quiet ${row.count}` : row.kind))).toEqual(rows),
  );
});
