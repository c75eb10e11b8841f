import type { EpochSeconds, Seconds } from './units.ts';

/** A dependency's health, as a value. Closed: `openUntil` is 0. */
export interface Circuit {
  /** Failures in a row. */
  readonly failures: number;
  /** No call before then; after it, probes. 0: closed. */
  readonly openUntil: EpochSeconds;
  /** Probes that are under way or have succeeded since `openUntil` passed. */
  readonly probes: number;
  readonly probesSucceeded: number;
  /** How long it was opened the last time; doubles up to the longest when the probes fail. */
  readonly openSeconds: Seconds;
}

/** Requirements 3: 5 failures, 30 to 60 s open, 3 probes. */
const failuresToOpen = 5;
const shortestOpenSeconds: Seconds = 30;
const longestOpenSeconds: Seconds = 60;
const probesToClose = 3;

export const closedCircuit: Circuit = { failures: 0, openUntil: 0, probes: 0, probesSucceeded: 0, openSeconds: 0 };

/**
 * Closed → (5 failures in a row) → open for 30 s → half open, 3 probes → closed; a failed probe → open for 60 s.
 * Undefined: the call must not be made.
 */
export const admit = (circuit: Circuit, now: EpochSeconds): Circuit | undefined => {
  if (circuit.openUntil === 0) return circuit;
  if (now < circuit.openUntil || circuit.probes >= probesToClose) return undefined;
  return { ...circuit, probes: circuit.probes + 1 };
};

export const succeeded = (circuit: Circuit): Circuit => {
  if (circuit.openUntil === 0) return circuit.failures === 0 ? circuit : closedCircuit;
  const probesSucceeded = circuit.probesSucceeded + 1;
  return probesSucceeded >= probesToClose ? closedCircuit : { ...circuit, probesSucceeded };
};

export const failed = (circuit: Circuit, now: EpochSeconds): Circuit => {
  const failures = circuit.failures + 1;
  const halfOpen = circuit.openUntil > 0;
  if (!halfOpen && failures < failuresToOpen) return { ...circuit, failures };
  // Calls that were under way when the circuit opened say nothing new.
  if (halfOpen && now < circuit.openUntil) return circuit;
  const openSeconds = halfOpen ? Math.min(longestOpenSeconds, circuit.openSeconds * 2) : shortestOpenSeconds;
  return { failures, openUntil: now + openSeconds, probes: 0, probesSucceeded: 0, openSeconds };
};
