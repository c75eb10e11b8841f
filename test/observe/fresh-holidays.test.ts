import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeHolidays } from '../../lib/act/holiday-store.ts';
import { comingHolidays } from '../../lib/config/holidays.ts';
import { FreshHolidays } from '../../lib/observe/fresh-holidays.ts';
import { type LocalTable, startLocalTable } from '../act/local-table.ts';
import { bindingOf, start } from '../tick/world.ts';

let table: LocalTable;
beforeAll(async () => {
  table = await startLocalTable();
});
afterAll(() => table.close());

const holidays = ['2026-11-22'];
const inCountry = (country: string, service = 'convert') =>
  bindingOf(service, { calendar: { timeZone: 'Europe/Copenhagen', holidays, place: { country } } });
const hour = 3600;

const write = (country: string, dates: readonly string[]) =>
  writeHolidays(
    table.client,
    table.name,
    { place: { country }, from: dates[0] ?? '', to: dates.at(-1) ?? '', dates },
    start,
  );

test('the written dates come on top of those of the binding, for services of that country only', async () => {
  await write('DK', ['2026-12-25', '2026-12-26']);
  const fresh = new FreshHolidays(table.client, table.name);
  const elsewhere = bindingOf('elsewhere');
  const [danish, other] = await fresh.apply([inCountry('DK'), elsewhere], start);
  expect(danish?.plan.calendar.holidays).toEqual(['2026-11-22', '2026-12-25', '2026-12-26']);
  expect(other).toBe(elsewhere);
});

test('are read again after hours, not each tick, and the plan stays the same object while they stay', async () => {
  await write('SE', ['2026-12-25']);
  const fresh = new FreshHolidays(table.client, table.name);
  const binding = inCountry('SE');
  const datesAt = async (now: number) => (await fresh.apply([binding], now))[0]?.plan;
  const first = await datesAt(start);
  await write('SE', ['2026-12-25', '2027-01-06']);
  expect(await datesAt(start + hour)).toBe(first);
  const later = await datesAt(start + 6 * hour);
  expect(later?.calendar.holidays).toEqual(['2026-11-22', '2026-12-25', '2027-01-06']);
  expect(await datesAt(start + 12 * hour)).toBe(later);
});

test('without an item the binding’s own dates hold, and the item is looked for again soon', async () => {
  const fresh = new FreshHolidays(table.client, table.name);
  const binding = inCountry('NO');
  expect(await fresh.apply([binding], start)).toEqual([binding]);
  await write('NO', ['2027-05-17']);
  expect(await fresh.apply([binding], start + 60)).toEqual([binding]);
  expect((await fresh.apply([binding], start + 600))[0]?.plan.calendar.holidays).toEqual(['2026-11-22', '2027-05-17']);
});

test('a table that does not answer costs nothing but freshness', async () => {
  const fresh = new FreshHolidays(table.client, 'nowhere');
  const binding = inCountry('DK');
  expect(await fresh.apply([binding], start)).toEqual([binding]);
});

test('the daily function looks from yesterday to 400 days ahead', () => {
  const { from, to, dates } = comingHolidays({ country: 'DK' }, start);
  expect([from, to]).toEqual(['2026-11-20', '2027-12-26']);
  expect(dates.filter((date) => date.endsWith('-12-25'))).toEqual(['2026-12-25', '2027-12-25']);
  expect(dates.every((date) => date >= from && date <= to)).toBe(true);
});
