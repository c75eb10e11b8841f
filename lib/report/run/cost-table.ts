import { escapeXml } from '../charts/escape-xml.ts';
import { minimumBilledSeconds } from './cost.ts';
import { count, counted, usd } from './format.ts';
import type { RunRecord } from './run-record.ts';
import type { RunSummary } from './summary.ts';

/** What the run's tasks would cost on Fargate, against a fleet that stands at each service's own peak. */
export const renderCostTable = (record: RunRecord, summary: RunSummary): string => {
  const dates = [...new Set(record.services.map((run) => `${run.price.region}, ${run.price.date}`))];
  return `<div class="scroll"><table class="cost">
<thead><tr><th scope="col">Service</th><th scope="col">Size of a task</th><th scope="col">Tasks started</th><th scope="col">Task-seconds</th><th scope="col">As billed</th><th scope="col">By the second</th><th scope="col">Static fleet</th></tr></thead>
<tbody>${record.services.map((run) => costRow(run, summary)).join('')}</tbody>
</table></div>
<p class="note">Fargate Linux list prices (${escapeXml(dates.join('; '))}), without storage, traffic and discounts. <em>As billed</em> counts each task for at least ${minimumBilledSeconds} s, as AWS does; a day squeezed into minutes starts far more tasks an hour than a real day, so here the minimum weighs heavily. <em>By the second</em> leaves it out. <em>Static fleet</em>: the peak of the service, from the first job to the end of the run.</p>`;
};

const costRow = (run: RunRecord['services'][number], summary: RunSummary): string => {
  const service = summary.services[run.plan.service];
  if (service === undefined) return '';
  const cells = [
    `${run.plan.worker.cpu / 1024} vCPU, ${run.plan.worker.memoryMiB / 1024} GB, ${run.plan.worker.architecture}`,
    count(service.tasks.started),
    `${count(service.tasks.taskSeconds)} (billed ${count(service.tasks.billedTaskSeconds)})`,
    usd(service.usd),
    usd(service.usdBySecond),
    `${usd(service.staticUsd)} (${counted(service.tasks.peak, 'task')})`,
  ];
  return `<tr><th scope="row">${escapeXml(run.plan.service)}</th>${cells.map((cell) => `<td>${escapeXml(cell)}</td>`).join('')}</tr>`;
};
