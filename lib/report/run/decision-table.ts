import type { Decision, DecisionRecord, ExplanationStep } from '../../model/decision.ts';
import type { Observation } from '../../model/observation.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { escapeXml } from '../charts/escape-xml.ts';
import { type DecisionRow, decisionRows } from './decision-rows.ts';
import { clock, count, counted } from './format.ts';

/** The decisions of one service as a table; each row opens to what was seen and to the whole chain of reasons. */
export const renderDecisionTable = (records: readonly DecisionRecord[], startedAt: EpochSeconds): string => {
  if (records.length === 0) return '<p>No decision was recorded for this service.</p>';
  return `<table class="decisions">
<thead><tr><th scope="col">Time</th><th scope="col">Desired</th><th scope="col">Why</th></tr></thead>
<tbody>
${decisionRows(records)
  .map((row) => renderRow(row, startedAt))
  .join('\n')}
</tbody>
</table>`;
};

const renderRow = (row: DecisionRow, startedAt: EpochSeconds): string => {
  const time = (record: DecisionRecord): string => clock(record.decision.at - startedAt);
  if (row.kind === 'quiet') {
    const { last } = row;
    const text = `${counted(row.count, 'tick')} without a change${row.count > 1 ? `, until ${time(last)}` : ''}. ${row.count > 1 ? 'The last: ' : ''}${last.decision.summary}`;
    return tableRow('quiet', time(row.first), count(last.decision.desired), details(text, last));
  }
  const { decision } = row.record;
  const change =
    row.kind === 'hold' ? `hold ${count(decision.from)}` : `${count(decision.from)} → ${count(decision.desired)}`;
  const className = row.kind === 'hold' ? 'hold' : decision.desired > decision.from ? 'out' : 'in';
  const text = decision.shadow ? `Shadow mode, not carried out: ${decision.summary}` : decision.summary;
  return tableRow(className, time(row.record), change, details(text, row.record));
};

const tableRow = (className: string, time: string, change: string, why: string): string =>
  `<tr class="${className}"><td>${escapeXml(time)}</td><td>${escapeXml(change)}</td><td>${why}</td></tr>`;

const details = (text: string, record: DecisionRecord): string => `<details><summary>${escapeXml(text)}</summary>
<p>${escapeXml(sawSentence(record.observation))}</p>
${chain(record.decision)}</details>`;

const chain = (decision: Omit<Decision, 'state'>): string =>
  `<ol>${decision.explanation.map(step).join('')}</ol>${decision.alerts.map((alert) => `<p>${escapeXml(`${alert.severity}: ${alert.text}`)}</p>`).join('')}`;

const step = ({ stage, code, text, from, to }: ExplanationStep): string =>
  `<li><code title="${escapeXml(code)}">${escapeXml(stage)}</code> ${escapeXml(text)}${from === to ? '' : ` <b>${count(from)} → ${count(to)}</b>`}</li>`;

const sawSentence = (seen: Observation): string => {
  const queues = seen.queues.map(({ name, counts }) =>
    counts.known
      ? `queue ${name}: ${count(counts.value.visible)} waiting, ${count(counts.value.inFlight)} in flight${counts.value.delayed > 0 ? `, ${count(counts.value.delayed)} delayed` : ''}`
      : `queue ${name}: not known (${counts.because})`,
  );
  const service = seen.service.known
    ? `tasks: ${count(seen.service.value.running)} running, ${count(seen.service.value.pending)} starting, ${count(seen.service.value.desired)} desired`
    : `tasks: not known (${seen.service.because})`;
  const work = seen.work.known
    ? `since the tick before: ${counted(seen.work.value.started, 'job')} started, ${count(seen.work.value.completed)} completed`
    : `the workers' own figures: not known (${seen.work.because})`;
  return `Seen – ${[...queues, service, work].join('; ')}.`;
};
