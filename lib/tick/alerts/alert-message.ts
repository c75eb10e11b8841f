import { createHash } from 'node:crypto';
import { alertKindOf } from '../../model/alert-catalogue.ts';
import { type AlertState, severityRank } from '../../model/alert-plan.ts';
import type { Alert, Severity } from '../../model/decision.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';

/** One message to people: everything that one tick has to tell, so that a common cause is one mail and not thirty. */
export interface AlertMessage {
  /** At most 100 characters of ASCII: SNS takes no more. */
  readonly subject: string;
  readonly text: string;
  /** The gravest in it. An end is `info`. */
  readonly severity: Severity;
  readonly services: readonly string[];
  /** The same news have the same id, also when they are sent again because it is not known whether they arrived. */
  readonly id: string;
}

/** What is told of one service: states, with the words of this tick's alerts by code where they are raised now. */
export interface ServiceNews {
  readonly service: string;
  readonly shadow: boolean;
  readonly states: readonly AlertState[];
  readonly alerts: readonly Alert[];
}

export const alertMessage = (stage: string, news: readonly ServiceNews[], now: EpochSeconds): AlertMessage => {
  const told = news
    .flatMap(({ states, ...service }) => states.map((state) => ({ ...service, state })))
    .sort((a, b) => weight(b.state) - weight(a.state));
  const [first] = told;
  if (first === undefined) throw new TypeError('a message needs news');
  const more = told.length > 1 ? ` (+${told.length - 1} more)` : '';
  const worst = severityNow(first.state);
  const line = `${stage}: ${label(first.state)} ${first.service} ${alertKindOf(first.state.code).title}`;
  return {
    subject: ascii(`Sluice ${line}`).slice(0, 100 - more.length) + more,
    text: [`Sluice, stage ${stage}, ${iso(now)}`, ...told.map((one) => blockOf(one, stage, now))].join('\n\n'),
    severity: worst,
    services: [...new Set(told.map(({ service }) => service))],
    id: idOf(told.map(({ service, state }) => [service, state.code, state.since, state.told?.news].join(' '))),
  };
};

type Told = Omit<ServiceNews, 'states'> & { readonly state: AlertState };

const blockOf = (told: Told, stage: string, now: EpochSeconds): string => {
  const { service, shadow, state } = told;
  const { code, since, seen } = state;
  const { title } = alertKindOf(code);
  const head = `${label(state)}  ${service}: ${title}  [${code}]`;
  if (state.told?.news === 'end') {
    return `${head}\n  It lasted ${spanText(seen - since)}, from ${iso(since)} to ${iso(seen)}.`;
  }
  return [
    head,
    ...factsOf(told, now),
    ...(shadow ? ['  Shadow mode: Sluice decides and changes nothing.'] : []),
    `  Look: sluice why ${service} --stage ${stage}`,
    `  Not now: sluice mute ${service} --stage ${stage} --code ${code} --for 2h`,
  ].join('\n');
};

const factsOf = ({ state, alerts }: Told, now: EpochSeconds): readonly string[] => {
  const { title, does, mend } = alertKindOf(state.code);
  const text = alerts.find(({ code }) => code === state.code)?.text ?? `It ${title}.`;
  const lasting = now - state.since >= 60 ? `, for ${spanText(now - state.since)}` : '';
  return [
    `  ${text}`,
    `  Since: ${iso(state.since)}${lasting}.`,
    `  What Sluice does: ${does}.`,
    `  What to do: ${mend}`,
  ];
};

const label = ({ told, severity }: AlertState): string => {
  switch (told?.news) {
    case 'end':
      return 'OVER';
    case 'again':
      return `STILL ${severity.toUpperCase()}`;
    case 'rise':
      return `NOW ${severity.toUpperCase()}`;
    default:
      return severity.toUpperCase();
  }
};

const severityNow = ({ told, severity }: AlertState): Severity => (told?.news === 'end' ? 'info' : severity);
const weight = (state: AlertState): number => severityRank(severityNow(state));

const idOf = (parts: readonly string[]): string =>
  createHash('sha256').update(parts.toSorted().join('\n')).digest('hex').slice(0, 32);

/** SNS refuses a subject with anything else. */
const ascii = (text: string): string => text.replaceAll('’', "'").replaceAll(/[^\x20-\x7e]/g, '?');

const spanText = (seconds: Seconds): string => {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 360) / 10} h`;
};

const iso = (at: EpochSeconds): string =>
  new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' ').concat(' UTC');
