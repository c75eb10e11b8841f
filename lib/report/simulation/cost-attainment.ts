import { escapeXml } from '../charts/escape-xml.ts';
import { count } from '../run/format.ts';
import type { ComparedPolicy, Comparison } from './comparison.ts';
import { placeLabels } from './place-labels.ts';

const width = 1000;
const height = 380;
const left = 64;
const right = 24;
const top = 24;
const bottom = 44;

/**
 * Each policy as a dot: how dear against how many late. Both axes are logarithmic, since ten times as many late jobs
 * and twice the cost are what matters, at whatever level. Down and to the left is better.
 */
export const renderCostAttainment = (comparison: Comparison): string => {
  const { objective, policies, bound } = comparison;
  const x = xScale(comparison);
  const y = yScale(comparison);
  const dots = policies.map((policy) => ({ policy, x: x.of(policy.costOverWork), y: y.of(latePercent(policy)) }));
  const labels = placeLabels(
    dots.map((dot) => ({ text: dot.policy.name, x: dot.x, y: dot.y })),
    { left, right: width - right, top, bottom: height - bottom },
  );
  const promised = y.of(100 - objective.percent);
  const clairvoyant = x.of(bound.clairvoyantTaskHours / bound.workTaskHours);
  return `<figure class="chart scatter">
<figcaption><strong>Late jobs against cost</strong><span class="key">down and to the left is better; both scales are logarithmic</span></figcaption>
<svg role="img" aria-labelledby="scatter-t scatter-d" width="100%" viewBox="0 0 ${width} ${height}">
<title id="scatter-t">Late jobs against cost</title><desc id="scatter-d">${escapeXml(inWords(policies))}</desc>
${y.ticks.map((tick) => `<line class="grid" x1="${left}" x2="${width - right}" y1="${y.of(tick)}" y2="${y.of(tick)}"/><text class="tick" x="${left - 8}" y="${y.of(tick) + 4}" text-anchor="end">${escapeXml(`${tick} %`)}</text>`).join('')}
${x.ticks.map((tick) => `<line class="grid" x1="${x.of(tick)}" x2="${x.of(tick)}" y1="${top}" y2="${height - bottom}"/><text class="tick" x="${x.of(tick)}" y="${height - bottom + 18}" text-anchor="middle">${escapeXml(`${tick} ×`)}</text>`).join('')}
<text class="tick" x="${(left + width - right) / 2}" y="${height - 6}" text-anchor="middle">cost ÷ work</text>
<text class="tick" x="${left}" y="${top - 10}">late</text>
<line class="bound" x1="${clairvoyant}" x2="${clairvoyant}" y1="${top}" y2="${height - bottom}"/><text class="tick" x="${clairvoyant + 5}" y="${top + 8}">perfect knowledge</text>
<line class="level" x1="${left}" x2="${width - right}" y1="${promised}" y2="${promised}"/><text class="tick level-label" x="${width - right}" y="${promised - 5}" text-anchor="end">${escapeXml(`promise: at most ${round(100 - objective.percent)} % late`)}</text>
${dots.map((dot) => `<circle class="${dot.policy.kept ? 'kept' : 'missed'}" cx="${dot.x}" cy="${dot.y}" r="6"/>`).join('')}
${labels.map((label) => `<text class="name" x="${label.x}" y="${label.y}" text-anchor="${label.anchor}">${escapeXml(label.text)}</text>`).join('')}
</svg>
</figure>`;
};

interface Scale {
  readonly of: (value: number) => number;
  readonly ticks: readonly number[];
}

/** Fewer late than this are drawn at the bottom: nobody can see the difference to none. */
const leastLatePercent = 0.01;

const latePercent = (policy: ComparedPolicy): number => Math.max(leastLatePercent, 100 - policy.attainedPercent);

const yScale = ({ policies, objective }: Comparison): Scale => {
  const values = [...policies.map(latePercent), 100 - objective.percent];
  return logScale(Math.min(...values) * 0.7, Math.min(100, Math.max(...values) * 1.4), height - bottom, top);
};

const xScale = ({ policies, bound }: Comparison): Scale => {
  const values = [...policies.map((p) => p.costOverWork), bound.clairvoyantTaskHours / bound.workTaskHours];
  return logScale(Math.min(1, ...values) * 0.97, Math.max(...values) * 1.25, left, width - right);
};

const logScale = (low: number, high: number, from: number, to: number): Scale => {
  const span = Math.log(high / low);
  return {
    of: (value) => Math.round(10 * (from + ((to - from) * Math.log(Math.max(low, value) / low)) / span)) / 10,
    ticks: ticksBetween(low, high),
  };
};

/** 1, 2 and 5 by powers of ten; steps of a half or a quarter where that would leave fewer than four. */
const ticksBetween = (low: number, high: number): readonly number[] => {
  const series = [
    [1, 2, 5],
    [1, 1.5, 2, 3, 5, 7],
    [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 2, 2.5, 3, 4, 5, 6, 7, 8, 9],
  ];
  for (const steps of series) {
    const ticks: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1)
      for (const step of steps) ticks.push(Number((step * 10 ** power).toPrecision(6)));
    const inside = ticks.filter((tick) => tick >= low && tick <= high);
    if (inside.length >= 4) return inside;
  }
  return [Number(low.toPrecision(3)), Number(high.toPrecision(3))];
};

const inWords = (policies: readonly ComparedPolicy[]): string =>
  policies
    .map(
      (policy) =>
        `${policy.name}: ${policy.costOverWork.toFixed(2)} times the work, ${round(100 - policy.attainedPercent)} % of ${count(policy.jobs.done)} jobs late`,
    )
    .join('; ');

const round = (value: number): number => Number(value.toPrecision(2));
