import { describe, expect, it } from 'vitest';
import { dotsPath, linePath, type Point, stepAreaPath, stepPath } from '../../../lib/report/charts/path.ts';

const points: readonly Point[] = [
  [0, 0],
  [10, 0],
  [20, 500],
  [30, 500],
];

describe('paths, with y upwards', () => {
  it.each([
    ['steps hold a value until the next, in one stroke while it stays', stepPath, 'M0 1000H20V500H30'],
    ['areas of steps stand on the floor', stepAreaPath, 'M0 1000V1000H20V500H30V1000H0Z'],
    ['lines join the points', linePath, 'M0 1000L10 1000L20 500L30 500'],
    ['dots are strokes without length', dotsPath, 'M0 1000h0M10 1000h0M20 500h0M30 500h0'],
  ])('%s', (_, draw, path) => expect(draw(points)).toBe(path));

  it.each([stepPath, stepAreaPath, linePath, dotsPath])('of nothing are nothing', (draw) => expect(draw([])).toBe(''));
});
