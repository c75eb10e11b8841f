import type { ServicePlan } from '../../model/plan.ts';
import type { Usd } from '../../model/units.ts';
import { fargatePrice, fargatePriceSource, usdOfTasks } from '../../report/fargate-price.ts';
import { count, duration, percent, usd } from '../../report/run/format.ts';
import { attained, span, taskHours } from '../../report/simulation/format.ts';
import { sourceLine } from '../../report/why/render-story.ts';
import { clockUtc, dayUtc } from '../../report/why/times.ts';
import type { ModelledSide, ShadowComparison } from '../../simulate/shadow/compare-shadow.ts';

const region = 'us-east-1';

/** List price. A service that exists elsewhere has no Region here. */
export const usdPerTaskHour = ({ worker }: ServicePlan): Usd => {
  const price = fargatePrice(region, worker.architecture);
  if (!price) throw new Error(`no Fargate price for ${worker.architecture} in ${region}`);
  return usdOfTasks(worker, 3600, price);
};

/** For people: the two sides as a table, then what the log says by itself, then what is to be doubted. */
export const renderComparison = (compared: ShadowComparison, plan: ServicePlan, source: string): readonly string[] => {
  const { service, from, to, promise, recorded, present, sluice, presentAttainedRange: range } = compared;
  const price = usdPerTaskHour(plan);
  const { cpu, memoryMiB } = plan.worker;
  return [
    `${service}, ${dayUtc(from)} ${clockUtc(from)} to ${dayUtc(to)} ${clockUtc(to)} UTC (${span(to - from)}): ${count(compared.jobs)} jobs of ${duration(compared.serviceSeconds)} each (${origins[compared.serviceSecondsFrom]})`,
    `Promise: ${promise.percent} % start within ${duration(promise.startWithinSeconds)}.`,
    '',
    ...table([header, sideRow('present autoscaler', present, price), sideRow('sluice', sluice, price)]),
    `Modelled, both on the same jobs; ${cpu / 1024} vCPU / ${memoryMiB / 1024} GiB at the ${region} list price of ${fargatePriceSource.date}. In twelve draws of the jobs the present one kept ${attained(range[0])} to ${attained(range[1])}; shown is the draw whose backlog is nearest to the log's.`,
    '',
    `From the log alone, ${count(recorded.ticks)} ticks: the present autoscaler used ${taskHours(recorded.taskHours)} task-hours, asked for ${recorded.fewest} to ${recorded.most} tasks (${recorded.meanDesired.toFixed(1)} on average) and changed its mind ${count(recorded.changes)} times.`,
    `Sluice would have asked for ${recorded.meanWanted.toFixed(1)} on average: for more ${percent(recorded.wantedMorePercent)} of the time, for fewer ${percent(recorded.wantedFewerPercent)}.`,
    ...compared.doubts.map((doubt) => `! ${doubt}`),
    '',
    sourceLine(source),
  ];
};

const origins: Readonly<Record<ShadowComparison['serviceSecondsFrom'], string>> = {
  given: 'as given',
  reports: 'reported by the workers',
  deletes: 'from what was in flight and deleted',
  priors: 'from the config',
};

const header = ['', 'task-hours', 'cost', 'in time', 'p50', 'p95', 'longest', 'actions'];

const sideRow = (name: string, side: ModelledSide, price: Usd): readonly string[] => [
  name,
  taskHours(side.taskHours),
  usd(side.taskHours * price),
  attained(side.attainedPercent),
  duration(side.waitSeconds.p50),
  duration(side.waitSeconds.p95),
  duration(side.waitSeconds.max),
  count(side.scaleActions),
];

const table = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = header.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
};
