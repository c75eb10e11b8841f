import { escapeXml } from './escape-xml.ts';
import { dotsPath, linePath, type Point, stepAreaPath, stepPath } from './path.ts';
import { plotSide, scaleTo } from './scale.ts';

export interface Series {
  /** For the legend. */
  readonly name: string;
  readonly kind: 'steps' | 'area' | 'line' | 'dots';
  /** Which of the page's colours, `--c1` to `--c4`; series of one colour differ by kind. */
  readonly colour: 1 | 2 | 3 | 4;
  /** In the units of the axes, x ascending (dots: any order). */
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Chart {
  /** Unique on the page: letters, digits and hyphens. */
  readonly id: string;
  readonly title: string;
  /** What a person who cannot see the chart should know of it. */
  readonly description: string;
  readonly xTicks: readonly number[];
  readonly xMax: number;
  readonly xFormat: (x: number) => string;
  /** The last one is the top of the axis. */
  readonly yTicks: readonly number[];
  readonly yFormat: (y: number) => string;
  readonly series: readonly Series[];
  /** A level that the data is held against, such as an objective. */
  readonly level?: { readonly y: number; readonly label: string };
  /** Of the plot alone, in CSS pixels. */
  readonly height?: number;
}

const top = 18;
const bottom = 22;

/**
 * A figure with title, legend and inline SVG. The plot is stretched to the width of its place while text and strokes
 * keep their size, so that the same markup can be read on a phone and on a wide screen. Needs `chartStyles` on the page.
 */
export const renderChart = (chart: Chart): string => {
  const height = chart.height ?? 150;
  const describedBy = `${chart.id}-d`;
  return `<figure class="chart">
<figcaption><strong>${escapeXml(chart.title)}</strong>${chart.series.map(legendEntry).join('')}</figcaption>
<svg role="img" aria-labelledby="${chart.id}-t ${describedBy}" width="100%" height="${height + top + bottom}">
<title id="${chart.id}-t">${escapeXml(chart.title)}</title><desc id="${describedBy}">${escapeXml(chart.description)}</desc>
${chart.yTicks.map((tick) => gridLine(chart, tick, height)).join('')}
<svg y="${top}" width="100%" height="${height}" viewBox="0 0 ${plotSide} ${plotSide}" preserveAspectRatio="none" overflow="visible">${chart.series.map((series) => plot(chart, series)).join('')}</svg>
${chart.level ? levelLine(chart, chart.level, height) : ''}${chart.yTicks.map((tick) => yLabel(chart, tick, height)).join('')}${chart.xTicks.map((tick) => xLabel(chart, tick, height)).join('')}
</svg>
</figure>`;
};

const plot = (chart: Chart, series: Series): string => {
  const x = scaleTo(chart.xMax);
  const y = scaleTo(topOf(chart));
  const points = series.points.map(([px, py]): Point => [x(px), y(py)]);
  return `<path class="${series.kind} c${series.colour}" d="${draw[series.kind](points)}"/>`;
};

const draw: Readonly<Record<Series['kind'], (points: readonly Point[]) => string>> = {
  steps: stepPath,
  area: stepAreaPath,
  line: linePath,
  dots: dotsPath,
};

const legendEntry = (series: Series): string =>
  `<span class="key"><svg class="swatch" aria-hidden="true" width="14" height="10"><path class="${series.kind} c${series.colour}" d="${
    series.kind === 'area' ? 'M0 1H14V9H0Z' : series.kind === 'dots' ? 'M7 5h0' : 'M0 5H14'
  }"/></svg>${escapeXml(series.name)}</span>`;

const topOf = (chart: Chart): number => chart.yTicks.at(-1) ?? 1;
const yPixel = (chart: Chart, value: number, height: number): number =>
  Math.round((top + height * (1 - scaleTo(topOf(chart))(value) / plotSide)) * 10) / 10;

const gridLine = (chart: Chart, tick: number, height: number): string => {
  const y = yPixel(chart, tick, height);
  return `<line class="${tick === 0 ? 'axis' : 'grid'}" x1="0" x2="100%" y1="${y}" y2="${y}"/>`;
};

// The floor needs no label, and one there would lie on the data.
const yLabel = (chart: Chart, tick: number, height: number): string =>
  tick === 0
    ? ''
    : `<text class="tick" x="0" y="${yPixel(chart, tick, height) - 4}">${escapeXml(chart.yFormat(tick))}</text>`;

const xLabel = (chart: Chart, tick: number, height: number): string => {
  const share = chart.xMax > 0 ? (tick / chart.xMax) * 100 : 0;
  const anchor = share < 4 ? 'start' : share > 96 ? 'end' : 'middle';
  return `<text class="tick" x="${Math.round(share * 10) / 10}%" y="${top + height + 16}" text-anchor="${anchor}">${escapeXml(chart.xFormat(tick))}</text>`;
};

const levelLine = (chart: Chart, level: { readonly y: number; readonly label: string }, height: number): string => {
  const y = yPixel(chart, level.y, height);
  return `<line class="level" x1="0" x2="100%" y1="${y}" y2="${y}"/><text class="tick level-label" x="100%" y="${y - 4}" text-anchor="end">${escapeXml(level.label)}</text>`;
};
