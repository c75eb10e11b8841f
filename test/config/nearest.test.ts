import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeSize, fargateSizes, isFargateSize, nearestFargateSizes } from '../../lib/config/fargate-sizes.ts';
import { editDistance, nearest } from '../../lib/config/nearest.ts';
import { nearestTimeZone } from '../../lib/config/time-zones.ts';

it.each([
  ['', 'abc', 3],
  ['percnt', 'percent', 1],
  ['nmae', 'name', 1],
  ['kitten', 'sitting', 3],
])('editDistance(%j, %j) = %i', (a, b, distance) => {
  expect([editDistance(a, b), editDistance(b, a)]).toEqual([distance, distance]);
});

it('never calls a word near that shares nothing', () => {
  expect(nearest('foo', ['services', 'report'])).toBeUndefined();
  expect(nearest('Services', ['report', 'services'])).toBe('services');
  expect(nearest('stabilization', ['tolerance', 'stabilizationSeconds'])).toBe('stabilizationSeconds');
});

it.each([
  ['copenhagen', 'Europe/Copenhagen'],
  ['America/NewYork', 'America/New_York'],
  ['utc+', 'UTC'],
])('takes %s for %s', (text, zone) => {
  expect(nearestTimeZone(text)).toBe(zone);
});

describe('fargate sizes', () => {
  it('are the 85 that AWS lists', () => {
    const counts = [256, 512, 1024, 2048, 4096, 8192, 16384].map(
      (cpu) => fargateSizes.filter((size) => size.cpu === cpu).length,
    );
    expect(counts).toEqual([3, 4, 7, 13, 23, 12, 12]);
    expect(fargateSizes.at(-1)).toEqual({ cpu: 16384, memoryMiB: 122_880 });
  });

  it('are what is suggested and completed, whatever was asked', () => {
    const any = fc.integer({ min: 1, max: 200_000 });
    fc.assert(fc.property(any, any, (cpu, memoryMiB) => nearestFargateSizes({ cpu, memoryMiB }).every(isFargateSize)));
    for (const { cpu, memoryMiB } of fargateSizes) {
      expect(isFargateSize(completeSize({ cpu }))).toBe(true);
      expect(isFargateSize(completeSize({ memoryMiB }))).toBe(true);
    }
  });
});
