import { plotSide } from './scale.ts';

/** A point in plot coordinates: x to the right, y upwards, both 0 to `plotSide`. */
export type Point = readonly [x: number, y: number];

/** SVG's y runs downwards. */
const down = (y: number): number => Math.round((plotSide - y) * 10) / 10;

/** A value holds from its point to the next one: for counts that jump. */
export const stepPath = (points: readonly Point[]): string => {
  const [first] = points;
  return first === undefined ? '' : `M${first[0]} ${down(first[1])}${steps(points)}`;
};

/** The steps with all below them. */
export const stepAreaPath = (points: readonly Point[]): string => {
  const [first] = points;
  if (first === undefined) return '';
  return `M${first[0]} ${plotSide}V${down(first[1])}${steps(points)}V${plotSide}H${first[0]}Z`;
};

/** From the first point on. Runs of one value become one stroke. */
const steps = (points: readonly Point[]): string =>
  points
    .slice(1)
    .map(([x, y], i) => {
      const isLast = i === points.length - 2;
      const changes = y !== points[i]?.[1];
      return `${changes || isLast ? `H${x}` : ''}${changes ? `V${down(y)}` : ''}`;
    })
    .join('');

/** Straight lines from point to point. */
export const linePath = (points: readonly Point[]): string =>
  points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x} ${down(y)}`).join('');

/** Strokes without length: with round caps they stay round dots however the plot is stretched. */
export const dotsPath = (points: readonly Point[]): string => points.map(([x, y]) => `M${x} ${down(y)}h0`).join('');
