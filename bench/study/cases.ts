import type { StudyTrace } from './traces.ts';

/** How much work of what kind, under which promise. */
export interface Regime {
  readonly loadTasks: number;
  readonly serviceSeconds: number;
  readonly startWithinSeconds: number;
}

export interface StudyCase {
  readonly trace: StudyTrace;
  readonly regime: Regime;
}

const regime = (loadTasks: number, serviceSeconds: number, startWithinSeconds: number): Regime => ({
  loadTasks,
  serviceSeconds,
  startWithinSeconds,
});

/** The judge's short grid (shared/referee/frontier.mjs). */
export const shortRegimes: readonly Regime[] = [
  regime(8, 5, 60),
  regime(8, 30, 300),
  regime(8, 240, 60),
  regime(0.5, 30, 300),
  regime(60, 30, 60),
];

/** Where ideas differ most: what a short ablation has time for. */
export const ablationRegimes: readonly Regime[] = [regime(8, 5, 60), regime(8, 240, 60), regime(0.5, 30, 300)];

/** The judge's full grid. */
export const fullRegimes: readonly Regime[] = [
  ...[5, 30, 240].flatMap((service) => [30, 60, 300].map((within) => regime(8, service, within))),
  regime(0.5, 5, 60),
  regime(0.5, 30, 60),
  regime(0.5, 30, 300),
  regime(0.5, 240, 300),
  regime(60, 30, 60),
  regime(60, 240, 60),
];

export const regimeName = ({ loadTasks, serviceSeconds, startWithinSeconds }: Regime): string =>
  `${loadTasks}/${serviceSeconds}/${startWithinSeconds}`;

export const casesOf = (traces: readonly StudyTrace[], regimes: readonly Regime[]): readonly StudyCase[] =>
  regimes.flatMap((one) => traces.map((trace) => ({ trace, regime: one })));
