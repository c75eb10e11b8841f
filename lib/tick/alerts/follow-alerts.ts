import { type AlertPlan, type AlertState, severityRank, type Telling } from '../../model/alert-plan.ts';
import type { Alert } from '../../model/decision.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';

/** A function lives at most this long (its time-out): an older claim has nobody left who could fulfil it. */
export const claimSeconds: Seconds = 30;
/** News that could not be delivered for so long is no news any more. */
const giveUpSeconds: Seconds = 24 * 3600;

/** What one tick knows of the alerts of one service. */
export interface AlertsNow {
  readonly now: EpochSeconds;
  /** Absent: the service was not looked at in this tick. */
  readonly raised?: readonly Alert[];
  /** Whether it can be told that an alert which is not raised is over. */
  readonly isJudged: (code: string) => boolean;
  readonly isMuted: (code: string) => boolean;
  /** The version that this tick commits: what it claims, it alone sends. */
  readonly version: number;
  /** Claims that are known to have been sent. */
  readonly confirmed: ReadonlySet<number>;
}

/**
 * The alerts of one service after a tick. A pure function; what carries `version` as its claim is to be sent by whoever
 * commits the result. An alert is told when it begins, when its severity rises, now and then while it lasts, and once
 * when it is over, if anybody was told of it.
 */
export const followAlerts = (
  before: readonly AlertState[],
  plan: AlertPlan,
  tick: AlertsNow,
): readonly AlertState[] => {
  const open = before.flatMap((state) => confirm(state, tick));
  const raised = oncePerCode(tick.raised ?? []);
  const lasting = open.flatMap((state) => {
    if (state.told?.news === 'end') return [{ ...state, told: endAgain(state.told, tick) }];
    const alert = raised.get(state.code);
    raised.delete(state.code);
    if (alert === undefined) return fade(state, plan, tick);
    return [tell({ ...state, severity: alert.severity, seen: tick.now }, plan, tick)];
  });
  const begun = [...raised.values()].map(({ code, severity }) =>
    tell({ code, severity, since: tick.now, seen: tick.now }, plan, tick),
  );
  return [...lasting, ...begun];
};

/** Those that the writer of `version` has to send. */
export const newsOf = (states: readonly AlertState[], version: number): readonly AlertState[] =>
  states.filter(({ told }) => told?.claim === version);

/** What was sent needs no claim; and an end that was sent is the end of the story. */
const confirm = (state: AlertState, { confirmed, now }: AlertsNow): readonly AlertState[] => {
  const { told } = state;
  if (told?.news === 'end' && now - state.seen > giveUpSeconds) return [];
  if (told?.claim === undefined || !confirmed.has(told.claim)) return [state];
  if (told.news === 'end') return [];
  const { claim: _, ...sent } = told;
  return [{ ...state, told: sent }];
};

/** Not raised: over after a while, unless nobody can tell. What nobody was told of is dropped without a word. */
const fade = (state: AlertState, plan: AlertPlan, tick: AlertsNow): readonly AlertState[] => {
  if (tick.raised === undefined) return [state];
  if (!tick.isJudged(state.code)) return [{ ...state, seen: tick.now }];
  if (tick.now - state.seen < plan.clearSeconds) return [state];
  const { told } = state;
  if (told === undefined) return [];
  return [{ ...state, told: { news: 'end', severity: told.severity, at: tick.now, claim: tick.version } }];
};

/** The end of what was told is told even when muted: it is good news, and short. */
const endAgain = (told: Telling, { now, version }: AlertsNow): Telling =>
  isOrphaned(told, now) ? { ...told, at: now, claim: version } : told;

/** What a state that is raised at this tick makes known. */
const tell = (state: AlertState, plan: AlertPlan, { now, version, isMuted }: AlertsNow): AlertState => {
  const news = isMuted(state.code) ? undefined : newsAbout(state, plan, now);
  if (news === undefined) return state;
  return { ...state, told: { news, severity: highest(state), at: now, claim: version } };
};

const newsAbout = (
  { severity, since, told }: AlertState,
  plan: AlertPlan,
  now: EpochSeconds,
): Telling['news'] | undefined => {
  if (severityRank(severity) < severityRank(plan.severity)) return undefined;
  const ripe = severity === 'critical' || now - since >= plan.afterSeconds;
  if (told === undefined) return ripe ? 'begin' : undefined;
  if (severityRank(severity) > severityRank(told.severity)) return 'rise';
  if (told.claim !== undefined) return isOrphaned(told, now) ? told.news : undefined;
  return plan.repeatSeconds !== undefined && now - told.at >= plan.repeatSeconds ? 'again' : undefined;
};

const isOrphaned = ({ claim, at }: Telling, now: EpochSeconds): boolean =>
  claim !== undefined && now - at >= claimSeconds;

const highest = ({ severity, told }: AlertState): AlertState['severity'] =>
  told !== undefined && severityRank(told.severity) > severityRank(severity) ? told.severity : severity;

/** The gravest of each code. */
const oncePerCode = (alerts: readonly Alert[]): Map<string, Alert> => {
  const byCode = new Map<string, Alert>();
  for (const alert of alerts) {
    const other = byCode.get(alert.code);
    if (other === undefined || severityRank(alert.severity) > severityRank(other.severity))
      byCode.set(alert.code, alert);
  }
  return byCode;
};
