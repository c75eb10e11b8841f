import { expect, it } from 'vitest';
import type { HourlyRollup } from '../../../lib/model/hourly-rollup.ts';
import { usageFromRollups } from '../../../lib/report/usage/usage-from-rollups.ts';
import { plan } from '../run/run-fixture.ts';

const from = Date.UTC(2026, 10, 16) / 1000;
const rollup = (hour: number, changes: Partial<HourlyRollup> = {}): HourlyRollup => ({
  service: 'thumbnails',
  hour: new Date((from + hour * 3600) * 1000).toISOString().slice(0, 13),
  arrivalsByMinute: new Array(60).fill(2),
  started: 120,
  late: 1,
  completed: 100,
  failed: 2,
  waitsByQueue: {},
  taskSecondsBySize: { '256/512': 7200 },
  busySlotSeconds: 500,
  scaleOuts: 0,
  scaleIns: 0,
  ...changes,
});
const history = { plan: plan(), region: 'us-east-1', publicIpv4: true, spotShare: 0, interruptible: false };

it('adds up hours; what nobody observed is unknown, what was observed in part is brought to a whole', () => {
  const usage = usageFromRollups(
    {
      ...history,
      rollups: [
        rollup(3, { observedSeconds: 1800 }),
        rollup(0),
        rollup(2, { taskSecondsBySize: { '512/1024': 3600 } }),
      ],
    },
    from,
    4,
  );
  expect(usage.hourly.tasks).toEqual([2, null, 2, 4]);
  expect(usage.hourly.jobs).toEqual([120, null, 120, 120]);
  expect(usage.size).toEqual({ cpu: 256, memoryMiB: 512 });
  expect(usage.serviceSeconds?.mean).toBe(5);
});

it('replays only the unbroken hours at the end', () => {
  const usage = usageFromRollups({ ...history, rollups: [rollup(0), rollup(2), rollup(3)] }, from, 4);
  expect(usage.arrivalsByMinute).toHaveLength(120);
});

it('knows nothing of a service that never ran', () => {
  const usage = usageFromRollups({ ...history, rollups: [] }, from, 2);
  expect(usage.hourly.tasks).toEqual([null, null]);
  expect(usage.serviceSeconds).toBeUndefined();
  expect(usage.arrivalsByMinute).toBeUndefined();
});
