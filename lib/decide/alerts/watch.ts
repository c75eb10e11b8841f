import { usualAlertNumbers } from '../../model/alert-numbers.ts';
import type { Alert } from '../../model/decision.ts';
import type { Observation, ServiceCounts } from '../../model/observation.ts';
import type { Settings } from '../../model/plan.ts';
import type { AlertMemory, StartDelay } from '../../model/state.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { rolloutFinding, unexplainedFinding } from './fleet-findings.ts';
import { type Finding, lasting } from './lasting.ts';
import { loadFindings } from './load-findings.ts';
import { promiseFindings } from './promise-findings.ts';
import { addWork, emptyTally } from './work-tally.ts';

/** What a decision knows of a service when it is made. */
export interface Watched {
  readonly settings: Settings;
  /** With unbelievable readings taken out. */
  readonly observation: Observation;
  readonly service: ServiceCounts;
  readonly startDelay: StartDelay;
  readonly desired: number;
  /** Tasks that the forecast of `slo` explains. Absent: `slo` did not decide alone. */
  readonly explained?: number;
  readonly memory: AlertMemory | undefined;
  readonly now: EpochSeconds;
}

export interface WatchResult {
  readonly alerts: readonly Alert[];
  /** Codes of alerts of which nobody can tell at this tick whether they last. */
  readonly unjudged: readonly string[];
  readonly memory: AlertMemory;
}

/** Alerts about load, promise and fleet: what a person wants to know although nothing is wrong with the scaling. */
export const watch = ({
  settings,
  observation,
  service,
  startDelay,
  desired,
  explained,
  memory,
  now,
}: Watched): WatchResult => {
  const numbers = { ...usualAlertNumbers, ...settings.alerts?.numbers };
  const work = observation.work.known ? observation.work.value : undefined;
  const tally = addWork(memory?.tally ?? emptyTally, work, now);
  const fleet = { desired, most: settings.tasks.max };
  const findings: readonly Finding[] = [
    ...loadFindings(settings.service, observation, numbers),
    ...promiseFindings(settings, observation, tally, fleet, now),
    rolloutFinding(settings.service, service, startDelay, numbers.readyPercent),
    ...(settings.policy.type === 'slo' ? [unexplainedFinding(settings, desired, explained)] : []),
  ];
  const { alerts, unjudged, since } = lasting(findings, memory?.since ?? {}, now);
  return { alerts, unjudged, memory: { since, tally } };
};
