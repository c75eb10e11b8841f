import type { Percent } from './units.ts';

/** From where on an alert of load is raised. */
export interface AlertNumbers {
  readonly cpuWarning: Percent;
  readonly cpuCritical: Percent;
  readonly memoryCritical: Percent;
  /** Waiting jobs of all queues. */
  readonly queueDepth: number;
  readonly latencyMs: number;
  /** Of the desired tasks, at least this share must be ready. */
  readonly readyPercent: Percent;
}

export const usualAlertNumbers: AlertNumbers = {
  cpuWarning: 80,
  cpuCritical: 90,
  memoryCritical: 95,
  queueDepth: 5000,
  latencyMs: 10_000,
  readyPercent: 80,
};

/** What a service changes of it. */
export interface AlertSettings {
  readonly numbers?: Partial<AlertNumbers>;
  /** Signals that are read for alerts although no policy looks at them, every five minutes. */
  readonly watch?: readonly string[];
  /** Codes of alerts that are not raised for this service. */
  readonly off?: readonly string[];
}
