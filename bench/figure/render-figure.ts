import { niceTicks, wholeTicks } from '../../lib/report/charts/scale.ts';
import { count } from '../../lib/report/run/format.ts';
import type { BurstRun } from './burst-run.ts';

const width = 960;
const left = 64;
const right = 16;
const plotWidth = width - left - right;
const gap = 58;
const firstTop = 40;
const axisSeconds = 120;

type Point = readonly [x: number, y: number];
interface Line {
  readonly name: string;
  readonly css: string;
  readonly shape: 'line' | 'steps' | 'area' | 'dots';
  readonly points: readonly Point[];
}
interface Panel {
  readonly title: string;
  readonly height: number;
  readonly ticks: readonly number[];
  readonly unit: string;
  readonly lines: readonly Line[];
  readonly level?: { readonly y: number; readonly text: string };
}

/** Four panels on one time axis, as an SVG that needs nothing else. */
export const renderFigure = (run: BurstRun): string => {
  const panels = panelsOf(run);
  const tops = panels.map((_, i) => firstTop + panels.slice(0, i).reduce((sum, { height }) => sum + height + gap, 0));
  const height = (tops.at(-1) ?? 0) + (panels.at(-1)?.height ?? 0) + 40;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="t d">
<title id="t">The slo policy in a burst</title>
<desc id="d">Arrivals rise fivefold for seven minutes. Tasks are started so that the curve of started jobs stays between that of arrived jobs and that of jobs whose minute is over.</desc>
<style>
text { font: 13px system-ui, sans-serif; fill: #57606a; } .title { font-weight: 600; fill: #1b1f24; } .grid { stroke: #e3e6ea; } .axis { stroke: #57606a; }
path { fill: none; stroke-width: 2; stroke-linejoin: round; } .load { fill: #5f6b7a55; stroke: #5f6b7a; stroke-width: 1; } .arrived { stroke: #5f6b7a; } .due { stroke: #a3133f; stroke-dasharray: 6 4; }
.started { stroke: #1f6feb; } .running { fill: #1f6feb33; stroke: #1f6feb; stroke-width: 1; } .desired { stroke: #c4470b; } .busy { stroke: #0b3d91; stroke-width: 1.5; } .wait { stroke: #1f6feb; stroke-width: 3.5; stroke-linecap: round; stroke-opacity: .45; }
.level { stroke: #a3133f; stroke-dasharray: 6 4; } .level-text { fill: #a3133f; }
</style>
<rect width="${width}" height="${height}" fill="#fff"/>
${panels.map((panel, i) => panelText(panel, tops[i] ?? 0, run.seconds)).join('\n')}
${timeAxis(run.seconds, height - 14)}
</svg>
`;
};

const panelsOf = (run: BurstRun): readonly Panel[] => {
  const { seconds, startWithinSeconds } = run;
  const binSeconds = 15;
  const perSecond = histogram(run, binSeconds);
  const arrived = counting(
    run.jobs.map(({ at }) => at),
    seconds,
  );
  const due = counting(
    run.jobs.map(({ at }) => at + startWithinSeconds),
    seconds,
  );
  const started = counting(
    run.jobs.flatMap(({ at, waitSeconds }) => (Number.isNaN(waitSeconds) ? [] : [at + waitSeconds])),
    seconds,
  );
  const level = Math.min(...[arrived, due, started].map((curve) => curve[0]?.[1] ?? 0));
  const lifted = (curve: readonly Point[]) => curve.map(([x, y]): Point => [x, y - level]);
  const waits = run.jobs.filter(({ at, waitSeconds }) => at >= 0 && !Number.isNaN(waitSeconds));
  const tasks = run.ticks.flatMap(({ desired, running }) => [desired, running]);
  const jobsAtEnd = (arrived.at(-1)?.[1] ?? 0) - level;
  return [
    {
      title: 'Arrivals',
      height: 80,
      ticks: niceTicks(Math.max(...perSecond.map(([, y]) => y)), 2),
      unit: ' / s',
      lines: [{ name: 'jobs per second', css: 'load', shape: 'area', points: perSecond }],
    },
    {
      title: 'Jobs since the start of the window',
      height: 230,
      ticks: niceTicks(jobsAtEnd, 5),
      unit: '',
      lines: [
        { name: 'arrived', css: 'arrived', shape: 'line', points: lifted(arrived) },
        { name: 'started', css: 'started', shape: 'line', points: lifted(started) },
        {
          name: `must have started (arrived ${startWithinSeconds} s before)`,
          css: 'due',
          shape: 'line',
          points: lifted(due),
        },
      ],
    },
    {
      title: 'Tasks',
      height: 130,
      ticks: wholeTicks(Math.max(...tasks), 3),
      unit: '',
      lines: [
        { name: 'running', css: 'running', shape: 'area', points: run.ticks.map(({ t, running }) => [t, running]) },
        { name: 'at work', css: 'busy', shape: 'line', points: run.ticks.map(({ t, inFlight }) => [t, inFlight]) },
        { name: 'desired', css: 'desired', shape: 'steps', points: run.ticks.map(({ t, desired }) => [t, desired]) },
      ],
    },
    {
      title: 'Wait of each job, by its arrival',
      height: 100,
      ticks: niceTicks(Math.max(startWithinSeconds * 1.2, ...waits.map(({ waitSeconds }) => waitSeconds)), 3),
      unit: ' s',
      level: { y: startWithinSeconds, text: `promise ${startWithinSeconds} s` },
      lines: [
        { name: 'a job', css: 'wait', shape: 'dots', points: waits.map(({ at, waitSeconds }) => [at, waitSeconds]) },
      ],
    },
  ];
};

const histogram = ({ jobs, seconds }: BurstRun, binSeconds: number): readonly Point[] =>
  Array.from({ length: seconds / binSeconds }, (_, bin) => {
    const from = bin * binSeconds;
    const count = jobs.filter(({ at }) => at >= from && at < from + binSeconds).length;
    return [from + binSeconds / 2, count / binSeconds];
  });

/** How many of the times have passed, every five seconds of the window. */
const counting = (times: readonly number[], seconds: number): readonly Point[] => {
  const sorted = [...times].sort((a, b) => a - b);
  let passed = 0;
  return Array.from({ length: seconds / 5 + 1 }, (_, i) => {
    while (passed < sorted.length && (sorted[passed] ?? 0) <= 5 * i) passed += 1;
    return [5 * i, passed];
  });
};

const panelText = (panel: Panel, top: number, seconds: number): string => {
  const most = panel.ticks.at(-1) ?? 1;
  const x = (t: number): number => round(left + (plotWidth * t) / seconds);
  const y = (value: number): number => round(top + panel.height * (1 - Math.min(value, most) / most));
  const grid = panel.ticks.map(
    (tick) =>
      `<line class="${tick === 0 ? 'axis' : 'grid'}" x1="${left}" x2="${width - right}" y1="${y(tick)}" y2="${y(tick)}"/><text x="${left - 8}" y="${y(tick) + 4}" text-anchor="end">${count(tick)}${panel.unit}</text>`,
  );
  const level = panel.level
    ? `<line class="level" x1="${left}" x2="${width - right}" y1="${y(panel.level.y)}" y2="${y(panel.level.y)}"/><text class="level-text" x="${width - right}" y="${y(panel.level.y) - 5}" text-anchor="end">${panel.level.text}</text>`
    : '';
  return `<g>
${heading(panel, top - 12)}
${grid.join('')}
${panel.lines
  .map(
    ({ css, shape, points }) =>
      `<path class="${css}" d="${path(
        shape,
        points.map(([t, value]): Point => [x(t), y(value)]),
        y(0),
      )}"/>`,
  )
  .join('\n')}${level}
</g>`;
};

/** Title and legend in one row. Widths are estimated: no font is measured here. */
const heading = ({ title, lines }: Panel, y: number): string => {
  let x = left + 8.2 * title.length + 24;
  const keys = lines.map(({ name, css, shape }) => {
    const mark =
      shape === 'area' ? `M${x} ${y - 9}h20v9h-20Z` : shape === 'dots' ? `M${x + 10} ${y - 4}h0` : `M${x} ${y - 4}h20`;
    const key = `<path class="${css}" d="${mark}"/><text x="${x + 26}" y="${y}">${name}</text>`;
    x = round(x + 26 + 7.2 * name.length + 22);
    return key;
  });
  return `<text class="title" x="${left}" y="${y}">${title}</text>${keys.join('')}`;
};

const path = (shape: Line['shape'], points: readonly Point[], floor: number): string => {
  if (shape === 'dots') return points.map(([x, y]) => `M${x} ${y}h0`).join('');
  const [first] = points;
  if (first === undefined) return '';
  const rest = points.slice(1).map(([x, y]) => (shape === 'steps' ? `H${x}V${y}` : `L${x} ${y}`));
  const line = `M${first[0]} ${first[1]}${rest.join('')}`;
  return shape === 'area' ? `${line}V${floor}H${first[0]}Z` : line;
};

const timeAxis = (seconds: number, y: number): string =>
  Array.from({ length: Math.floor(seconds / axisSeconds) + 1 }, (_, i) => {
    const x = round(left + (plotWidth * axisSeconds * i) / seconds);
    const anchor = i === 0 ? 'start' : axisSeconds * i === seconds ? 'end' : 'middle';
    return `<text x="${x}" y="${y}" text-anchor="${anchor}">${(axisSeconds / 60) * i} min</text>`;
  }).join('');

const round = (value: number): number => Math.round(value * 10) / 10;
