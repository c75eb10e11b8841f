import { expect, it } from 'vitest';
import { binArrivals, binStarts, binsOf, binWaits, TaskCurve } from '../../../lib/report/simulation/curves.ts';
import { placeLabels } from '../../../lib/report/simulation/place-labels.ts';
import type { Truth } from '../../../lib/simulate/engine/simulation.ts';
import { jobsOf } from '../../simulate/engine/fixtures.ts';

/** Goal: the curves are the run's. Method: runs small enough to bin by hand. */
const jobs = jobsOf([[0, 5], [5, 5], [12, 10], [40, 20]], 40); // biome-ignore format: a table
const bins = binsOf(jobs);

it('bins arrivals and their work; the last instant belongs to the last bin', () => {
  expect(binStarts(bins)).toEqual([0, 10, 20, 30]);
  expect(binArrivals(jobs, 2, bins)).toEqual({ jobsPerSecond: [0.2, 0.1, 0, 0.1], workTasks: [0.5, 0.5, 0, 1] });
  expect(binWaits(jobs, Float32Array.of(1, 2, Number.NaN, 4), bins)).toEqual([2, Number.NaN, Number.NaN, 4]);
});

it('tasks are means over time, of what ran from one tick to the next', () => {
  const curve = new TaskCurve(bins);
  for (const [t, running] of [[0, 1], [5, 3], [10, 0], [30, 8], [40, 2]] as const) curve.add({ t, running } as Truth); // biome-ignore format: a table
  expect(curve.means()).toEqual([2, 0, 0, 8]);
});

it('labels meet neither dots nor each other where there is room', () => {
  const dots = Array.from({ length: 6 }, (_, i) => ({ text: `policy ${i}`, x: 200 + 4 * i, y: 150 + 3 * i }));
  const labels = placeLabels(dots, { left: 0, right: 600, top: 0, bottom: 300 });
  const boxes = labels.map(({ text, x, y, anchor }) => {
    const width = 7 * text.length;
    const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
    return { left, right: left + width, top: y - 11, bottom: y + 4 };
  });
  boxes.forEach((a, i) => {
    for (const b of boxes.slice(i + 1))
      expect(a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).toBe(false);
    expect(a.left).toBeGreaterThanOrEqual(0);
    expect(a.right).toBeLessThanOrEqual(600);
  });
});
