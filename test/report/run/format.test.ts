import { describe, expect, it } from 'vitest';
import { clock, count, counted, duration, percent, usd } from '../../../lib/report/run/format.ts';

describe('figures for people', () => {
  it.each<[string, string]>([
    [clock(0), '0:00'],
    [clock(62.9), '1:02'],
    [clock(3600), '1:00:00'],
    [clock(-1), '0:00'],
    [duration(0), '0 s'],
    [duration(0.012), '12 ms'],
    [duration(0.44), '0.4 s'],
    [duration(12.4), '12 s'],
    [duration(119), '119 s'],
    [duration(210), '3.5 min'],
    [percent(99.97), '99.9 %'],
    [percent(100), '100 %'],
    [count(1204), '1,204'],
    [counted(1, 'task'), '1 task'],
    [counted(0, 'task'), '0 tasks'],
    [usd(0), 'USD 0.00'],
    [usd(0.00312), 'USD 0.0031'],
    [usd(0.5), 'USD 0.50'],
    [usd(1234.567), 'USD 1234.57'],
  ])('%s', (text, expected) => expect(text).toBe(expected));
});
