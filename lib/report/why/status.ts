import type { Alert, DecisionRecord } from '../../model/decision.ts';
import type { Observation } from '../../model/observation.ts';
import type { Override } from '../../model/plan.ts';
import { isReady, readyShare } from '../../model/rollout-health.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import type { AppliedLine } from '../apply/in-force.ts';
import { duration } from '../run/format.ts';
import { reasonOf, titleOf } from './outcome.ts';
import { seenLines } from './seen.ts';
import { clockUtc, dayUtc, isoUtc } from './times.ts';
import { wrap } from './wrap.ts';

/** What is known of one service at this moment. */
export interface ServiceStatus {
  readonly service: string;
  /** Absent: a log does not say. */
  readonly mode?: 'act' | 'shadow';
  /** Tasks and queues as they are now, or as the last decision saw them. */
  readonly seen: Observation;
  /** The last tick that was decided; its record may still be on its way. Absent: none, or not known. */
  readonly lastTickAt?: EpochSeconds;
  readonly tickSeconds?: Seconds;
  readonly last?: DecisionRecord;
  readonly override?: Override;
  /** What lies over its config. Absent: nothing, or a log does not say. */
  readonly applied?: readonly AppliedLine[];
  /** Alerts that nobody is told of at the moment, in words. */
  readonly mutes?: readonly string[];
  /** Whether people are told of alerts. Absent: a log does not say. */
  readonly told?: boolean;
}

/** The same as data: `--json`. */
export const statusJson = (status: ServiceStatus, now: EpochSeconds): object => {
  const { service, mode, seen, lastTickAt, last, override, applied = [] } = status;
  const { tasks, queues } = countsOf(seen);
  const rollout = rolloutOf(status);
  return {
    service,
    ...(mode && { mode }),
    tasks,
    ...(rollout && { rollout }),
    queues,
    alerts: alertsOf(status, now),
    ...(override && { override }),
    ...(applied.length > 0 && { applied }),
    ...(status.mutes && { mutes: status.mutes }),
    ...(lastTickAt !== undefined && { lastTick: { at: isoUtc(lastTickAt), ageSeconds: age(lastTickAt, now) } }),
    ...(last && {
      lastDecision: {
        at: isoUtc(last.decision.at),
        ageSeconds: age(last.decision.at, now),
        kind: last.decision.kind,
        from: last.decision.from,
        desired: last.decision.desired,
        shadow: last.decision.shadow,
        summary: last.decision.summary,
      },
    }),
  };
};

/** One block of lines a service. */
export const renderStatus = (
  status: ServiceStatus,
  overrideWords: (override: Override) => string,
  now: EpochSeconds,
  width: number,
): readonly string[] => {
  const { service, mode, seen, last, override, applied = [] } = status;
  const rows: (readonly [string, string])[] = [
    ...seenLines({ ...seen, work: { known: false, because: 'hidden' }, signals: {} })
      .filter(({ name }) => name !== 'workers')
      .map(({ name, text }) => [name, text] as const),
    ...rolloutRow(status),
    ['last tick', tickText(status, now)],
    ['last decision', last ? decisionText(last, now) : 'none is recorded'],
    ...(override ? [['override', overrideWords(override)] as const] : []),
    ...(status.mutes ?? []).map((mute) => ['alerts', mute] as const),
    ...(status.told === false && alertsOf(status, now).length > 0
      ? [['alerts', 'nobody is told of them: the config has no "alerts"'] as const]
      : []),
    ...applied.map(
      ({ text, advice, by, notInForce }) =>
        [
          'applied',
          `${text} (${advice}, by ${by})${notInForce === undefined ? '' : `; not in force: ${notInForce}`}`,
        ] as const,
    ),
  ];
  const head = Math.max(...rows.map(([name]) => name.length));
  return [
    `${service}${mode === 'shadow' ? '  (shadow: decides, never acts)' : ''}`,
    ...alertsOf(status, now).flatMap(({ severity, text }) =>
      wrap(`${severity === 'critical' ? 'CRITICAL' : severity}: ${text}`, width, '  ! '),
    ),
    ...rows.flatMap(([name, text]) => wrap(text, width, `  ${name.padEnd(head)}  `)),
  ];
};

/** How many of the desired tasks are ready. `degraded`: fewer than should be for longer than they take to start. */
const rolloutOf = ({ seen, last }: ServiceStatus) => {
  if (!seen.service.known || seen.service.value.desired === 0) return undefined;
  const { running, desired } = seen.service.value;
  const degraded = last?.decision.alerts.some(({ code }) => code === 'rolloutDegraded') === true;
  const percent = Math.floor(readyShare({ running, desired }));
  const state = isReady({ running, desired }) ? 'healthy' : degraded ? 'degraded' : 'starting';
  return { ready: Math.min(running, desired), desired, percent, state } as const;
};

const rolloutRow = (status: ServiceStatus): readonly (readonly [string, string])[] => {
  const rollout = rolloutOf(status);
  if (rollout === undefined || rollout.state === 'healthy') return [];
  return [['ready', `${rollout.ready} of ${rollout.desired} tasks, ${rollout.percent} %: ${rollout.state}`]];
};

/** The last decision's alerts, and the one that no decision can raise: that there are none. */
export const alertsOf = (
  { last, lastTickAt, tickSeconds, service }: ServiceStatus,
  now: EpochSeconds,
): readonly Alert[] => {
  const alerts = last?.decision.alerts ?? [];
  if (lastTickAt === undefined || tickSeconds === undefined) return alerts;
  const silent = now - lastTickAt;
  if (silent <= Math.max(silentSeconds, 3 * tickSeconds)) return alerts;
  const text = `Nothing was decided for ${service} for ${duration(silent)}: look at the tick function and its schedule.`;
  return [{ code: 'silent', severity: 'critical', text }, ...alerts];
};

/** Scheduler and Lambda may together be two minutes late. */
const silentSeconds: Seconds = 180;

const countsOf = ({ queues, service }: Observation) => ({
  tasks: service.known ? service.value : { notKnown: service.text ?? service.because },
  queues: queues.map(({ name, counts }) => ({
    name,
    ...(counts.known ? counts.value : { notKnown: counts.text ?? counts.because }),
  })),
});

const tickText = ({ lastTickAt }: ServiceStatus, now: EpochSeconds): string =>
  lastTickAt === undefined || lastTickAt === 0
    ? 'none yet'
    : `${clockUtc(lastTickAt)} UTC, ${agoText(lastTickAt, now)}`;

const decisionText = (record: DecisionRecord, now: EpochSeconds): string => {
  const { at } = record.decision;
  const day = dayUtc(at) === dayUtc(now) ? '' : `${dayUtc(at)} `;
  return `${day}${clockUtc(at)} UTC, ${agoText(at, now)}: ${titleOf(record)}. ${reasonOf(record)}`;
};

const agoText = (at: EpochSeconds, now: EpochSeconds): string => {
  const seconds = age(at, now);
  if (seconds < 7200) return `${duration(seconds)} ago`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h ago` : `${Math.round(seconds / 86_400)} days ago`;
};

const age = (at: EpochSeconds, now: EpochSeconds): Seconds => Math.max(0, Math.round((now - at) * 10) / 10);
