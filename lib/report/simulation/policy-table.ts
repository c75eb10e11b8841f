import { escapeXml } from '../charts/escape-xml.ts';
import { count, duration, usd } from '../run/format.ts';
import type { ComparedPolicy, Comparison } from './comparison.ts';
import { attained, taskHours } from './format.ts';

const columns = [
  'policy',
  'cost',
  'task-hours',
  '÷ work',
  'in time',
  'p50',
  'p95',
  'p99',
  'longest',
  'actions a day',
  'killed',
];

/** All figures of all policies, in the order of merit. */
export const renderPolicyTable = ({ policies }: Comparison): string => `<div class="scroll"><table class="policies">
<thead><tr>${columns.map((name) => `<th scope="col">${escapeXml(name)}</th>`).join('')}</tr></thead>
<tbody>
${policies.map(row).join('\n')}
</tbody>
</table></div>`;

const row = (policy: ComparedPolicy): string =>
  `<tr><th scope="row">${escapeXml(policy.name)}<small>${escapeXml(settingOf(policy))}</small></th>${cells(policy)
    .map(([text, tone]) => `<td${tone ? ` class="${tone}"` : ''}>${escapeXml(text)}</td>`)
    .join('')}</tr>`;

const settingOf = ({ setting, settingsTried }: ComparedPolicy): string =>
  settingsTried > 1 ? `${setting}; best of ${settingsTried}` : setting;

const cells = (policy: ComparedPolicy): readonly (readonly [text: string, tone?: 'good' | 'bad'])[] =>
  [
    [usd(policy.usd).replace(' ', '\u00a0')],
    [taskHours(policy.taskHours)],
    [policy.costOverWork.toFixed(2)],
    [attained(policy.attainedPercent).replace(' ', '\u00a0'), policy.kept ? 'good' : 'bad'],
    [spaced(policy.waitSeconds.p50)],
    [spaced(policy.waitSeconds.p95)],
    [spaced(policy.waitSeconds.p99)],
    [spaced(policy.waitSeconds.max)],
    [count(policy.scaleActionsPerDay)],
    [count(policy.killedJobs), policy.killedJobs > 0 ? 'bad' : undefined] as const,
  ].map(([text, tone]) => (tone === undefined ? [text ?? ''] : [text ?? '', tone as 'good' | 'bad']));

const spaced = (seconds: number): string => duration(seconds).replace(' ', '\u00a0');
