import { expect, test } from 'vitest';
import { sinceKnown } from '../../../lib/report/usage/since-known.ts';
import { smallUsage } from '../../deliver/small-usage.ts';

const whole = smallUsage(1_790_000_000 - (1_790_000_000 % 3600));
/** Nothing is known of the first `hours`. */
const young = (hours: number) => ({
  ...whole,
  orphans: [{ id: 'eip', what: 'address', region: 'us-east-1', usdPerHour: 0.005, idleHours: 48, removeCommand: 'x' }],
  services: whole.services.map((service) => ({
    ...service,
    arrivalsByMinute: Array.from({ length: 48 * 60 }, (_, minute) => minute),
    hourly: {
      tasks: service.hourly.tasks.map((tasks, h) => (h < hours ? null : tasks)),
      jobs: service.hourly.jobs ?? [],
    },
  })),
});

test('days before the first known hour are no history', () => {
  const cut = sinceKnown(young(30));
  expect([cut.hours, cut.from - whole.from]).toEqual([24, 24 * 3600]);
  expect(cut.services[0]?.hourly.tasks).toEqual([...Array(6).fill(null), ...Array(18).fill(2)]);
  expect(cut.services[0]?.hourly.jobs).toHaveLength(24);
  expect(cut.services[0]?.arrivalsByMinute?.[0]).toBe(24 * 60);
  expect(cut.orphans[0]?.idleHours).toBe(24);
});

test('a window that is known from its first day, or not at all, stays as it is', () => {
  for (const hours of [0, 23, 48]) expect(sinceKnown(young(hours))).toEqual(young(hours));
});
