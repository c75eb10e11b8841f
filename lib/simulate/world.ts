import type { Seconds } from '../model/units.ts';

/** How far what a scaler sees and what it pays lies from the ideal. */
export interface World {
  /** Queue counters are this old whenever they are read. */
  readonly counterLagSeconds: Seconds;
  /** What the workers report is this old. */
  readonly reportLagSeconds: Seconds;
  /** Billed between the decision to stop a task and its end. */
  readonly stopLagSeconds: Seconds;
  /** Share of reads that see no visible message although there are some. */
  readonly falseZeroShare: number;
  /** Each count is off by up to this share, evenly. */
  readonly counterNoise: number;
  /** A one-minute CloudWatch datapoint appears so long after its minute. */
  readonly metricDelaySeconds: { readonly min: Seconds; readonly max: Seconds };
  /** Whether tasks that were told to stop can be told from the others. */
  readonly seesDraining: boolean;
  readonly startDelay: StartDelayModel;
}

/** Lognormal, by its median and 95th percentile, from the request to readiness. */
export interface StartDelayModel {
  readonly medianSeconds: Seconds;
  readonly p95Seconds: Seconds;
  /** The last part of the delay, from the image pull on, is billed. */
  readonly pullShare: number;
}

export type WorldName = 'ideal' | 'realistic' | 'stress';

const ideal: World = {
  counterLagSeconds: 0,
  reportLagSeconds: 0,
  stopLagSeconds: 0,
  falseZeroShare: 0,
  counterNoise: 0.05,
  metricDelaySeconds: { min: 60, max: 120 },
  seesDraining: true,
  startDelay: { medianSeconds: 35, p95Seconds: 75, pullShare: 0.5 },
};

const realistic: World = {
  ...ideal,
  counterLagSeconds: 10,
  reportLagSeconds: 20,
  stopLagSeconds: 10,
  falseZeroShare: 0.002,
  seesDraining: false,
};

export const worlds: Readonly<Record<WorldName, World>> = {
  ideal,
  realistic,
  stress: {
    ...realistic,
    counterLagSeconds: 30,
    reportLagSeconds: 60,
    stopLagSeconds: 30,
    startDelay: { medianSeconds: 60, p95Seconds: 120, pullShare: 0.8 },
  },
};

/** The realistic world with start-ups of a service's own, as they were learnt. */
export const realisticWorld = (startSeconds: { readonly median: Seconds; readonly p95: Seconds }): World => ({
  ...realistic,
  startDelay: { ...realistic.startDelay, medianSeconds: startSeconds.median, p95Seconds: startSeconds.p95 },
});
