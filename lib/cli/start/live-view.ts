import { clock, count, duration, percent } from '../../report/run/format.ts';
import type { RunPhase, RunSnapshot, ServiceSnapshot } from '../../report/run/run-snapshot.ts';
import { lengthOf, renderLine, type Span, type StyledLine, spread, styled } from './styled-line.ts';
import { wrapWords } from './wrap-words.ts';

export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  readonly colour: boolean;
}

/**
 * The run as lines that fit the terminal. Where it is too low for everything, throughput, load and earlier changes go
 * first, then the blank lines, then all but one line a service, then services from the end. Alerts stay.
 */
export const renderLiveView = (run: RunSnapshot, terminal: Terminal): readonly string[] => {
  // A line that fills the last column makes some terminals wrap.
  const width = Math.max(20, Math.min(terminal.columns - 1, 110));
  const fits = (lines: readonly StyledLine[]): boolean => lines.length < terminal.rows;
  const head = header(run, width);
  const rich = [...head, ...run.services.flatMap((service) => [[], ...fullService(service, width, 2, true)])];
  const roomy = [...head, ...run.services.flatMap((service) => [[], ...fullService(service, width, 2)])];
  const dense = [...head, ...run.services.flatMap((service) => fullService(service, width, 1))];
  const brief = [...head, ...run.services.map(briefService)];
  const lines = [rich, roomy, dense, brief].find(fits) ?? brief.slice(0, Math.max(1, terminal.rows - 1));
  return lines.map((line) => renderLine(line, width, terminal.colour));
};

const header = (run: RunSnapshot, width: number): readonly StyledLine[] => [
  spread([styled('bold', `Sluice · ${run.title}`), `  ${phaseText[run.phase]}`], [styled('dim', timeText(run))], width),
  progressBar(run, width),
  [jobsText(run), styled('dim', ` · workers use ${run.workerCores.toFixed(2)} cores`)],
];

const phaseText: Readonly<Record<RunPhase, string>> = {
  sending: 'sending jobs',
  draining: 'all sent, draining',
  stopping: 'stopping',
  finished: 'finished',
};

const timeText = (run: RunSnapshot): string =>
  `${clock(run.t)} elapsed${run.phase === 'sending' ? `, ${clock(run.remainingSeconds)} left to send` : ''}`;

const progressBar = (run: RunSnapshot, width: number): StyledLine => {
  const full = Math.round(Math.min(1, Math.max(0, run.progress)) * width);
  return [styled('cyan', '━'.repeat(full)), styled('dim', '─'.repeat(width - full))];
};

const jobsText = ({ jobs }: RunSnapshot): string =>
  [
    `${count(jobs.submitted)} sent`,
    `${count(jobs.done)} done`,
    `${count(jobs.queued)} queued`,
    `${count(jobs.running)} running`,
    ...(jobs.failed > 0 ? [`${count(jobs.failed)} failed`] : []),
  ].join(' · ');

/**
 * `sentenceLines`: how many lines the reason of the last decision may take. `details`: also what flows through, what it
 * takes of the machine, and the changes before the last one.
 */
const fullService = (
  service: ServiceSnapshot,
  width: number,
  sentenceLines: number,
  details = false,
): readonly StyledLine[] => [
  spread([styled(['bold', 'cyan'], service.service)], [styled('dim', objectiveText(service))], width),
  [label('backlog'), `${count(service.waiting)} waiting, ${count(service.inFlight)} in flight`],
  [label('waits'), ...waitSpans(service)],
  ...(details ? flowLines(service) : []),
  [label('tasks'), ...taskBar(service), `  ${taskText(service)}`],
  ...(details ? [...loadLines(service), ...changeLines(service)] : []),
  ...alertLines(service),
  ...decisionLines(service, width, sentenceLines),
];

const briefService = (service: ServiceSnapshot): StyledLine => [
  styled(['bold', 'cyan'], service.service),
  ` ${count(service.waiting)}+${count(service.inFlight)} jobs, tasks ${service.running}/${service.desired}, `,
  attainment(service),
];

const labelWidth = 12;
const label = (text: string): Span => styled('dim', `  ${text}`.padEnd(labelWidth));

const objectiveText = ({ objective, min, max }: ServiceSnapshot): string =>
  `${objective ? `${objective.percent} % start within ${duration(objective.startWithinSeconds)}, ` : ''}${min} to ${max} tasks`;

const waitSpans = (service: ServiceSnapshot): StyledLine => {
  const { recentWaits: recent, objective } = service;
  if (recent === undefined) return [styled('dim', 'no job started lately'), '   ', attainment(service)];
  const late = objective !== undefined && recent.p95 > objective.startWithinSeconds;
  const p95 = `p95 ${duration(recent.p95)}`;
  return [
    `p50 ${duration(recent.p50)}   `,
    late ? styled('red', p95) : p95,
    styled('dim', ` (last ${duration(recent.windowSeconds)})   `),
    attainment(service),
  ];
};

const attainment = ({ attainedPercent, objective }: ServiceSnapshot): Span => {
  if (attainedPercent === undefined) return styled('dim', 'nothing started yet');
  const text = `${percent(attainedPercent)} in time`;
  if (objective === undefined) return text;
  return styled(attainedPercent >= objective.percent ? 'green' : 'red', text);
};

const flowLines = ({ flow, jobSeconds, failedPercent }: ServiceSnapshot): readonly StyledLine[] => {
  const parts = [
    ...(flow
      ? [`${count(Math.round(flow.arrivedPerMinute))} in, ${count(Math.round(flow.donePerMinute))} done a minute`]
      : []),
    ...(jobSeconds === undefined ? [] : [`a job takes ${duration(jobSeconds)}`]),
  ];
  if (parts.length === 0) return [];
  const failed =
    failedPercent === undefined || failedPercent === 0 ? [] : [styled('red', `, ${percent(failedPercent)} failed`)];
  return [[label('jobs'), parts.join(', '), ...failed]];
};

const loadLines = ({ flow, memoryPercent }: ServiceSnapshot): readonly StyledLine[] => {
  const parts = [
    ...(flow?.cores === undefined ? [] : [`CPU ${flow.cores.toFixed(2)} cores`]),
    ...(memoryPercent === undefined ? [] : [`memory ${percent(memoryPercent)} of its tasks’`]),
  ];
  return parts.length === 0 ? [] : [[label('load'), parts.join(', ')]];
};

/** The last one stands with its reason below. */
const changeLines = ({ changes = [] }: ServiceSnapshot): readonly StyledLine[] =>
  changes.length < 2
    ? []
    : [[label('changes'), changes.map(({ t, from, desired }) => `${clock(t)} ${from} → ${desired}`).join('   ')]];

const alertLines = ({ alerts = [] }: ServiceSnapshot): readonly StyledLine[] =>
  alerts
    .filter(({ severity }) => severity !== 'info')
    .slice(0, 1)
    .map(({ severity, text }) => [label('alert'), styled(severity === 'critical' ? 'red' : 'yellow', text)]);

/** One mark a task up to the maximum: running, starting, wanted but not there, free. Wide ranges are scaled down. */
const taskBar = ({ running, starting, desired, max }: ServiceSnapshot): StyledLine => {
  const marks = Math.min(24, Math.max(max, desired, running, 1));
  const per = marks / Math.max(max, desired, running, 1);
  const at = (tasks: number): number => Math.min(marks, Math.ceil(tasks * per));
  const [ran, begun, wanted] = [at(running), at(running + starting), at(Math.max(desired, running + starting))];
  return [
    styled('green', '█'.repeat(ran)),
    styled('yellow', '▒'.repeat(begun - ran)),
    styled('yellow', '░'.repeat(wanted - begun)),
    styled('dim', '·'.repeat(marks - wanted)),
  ];
};

const taskText = ({ running, starting, stopping, desired }: ServiceSnapshot): string =>
  [
    `${running} running`,
    ...(starting > 0 ? [`${starting} starting`] : []),
    ...(stopping > 0 ? [`${stopping} stopping`] : []),
    `${desired} desired`,
  ].join(', ');

const decisionLines = ({ lastDecision: last }: ServiceSnapshot, width: number, most: number): readonly StyledLine[] => {
  if (last === undefined) return [[label('decision'), styled('dim', 'none yet')]];
  const change = last.from === last.desired ? [] : [styled('bold', `${last.from} → ${last.desired} `)];
  const head: StyledLine = [styled('dim', `${clock(last.t)} `), ...change];
  const [first = '', ...rest] = wrapWords(last.summary, width - labelWidth, most, lengthOf(head));
  return [[label('decision'), ...head, first], ...rest.map((text): StyledLine => [label(''), text])];
};
