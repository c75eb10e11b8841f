import type { AppliedReading } from '../model/applied.ts';
import type { ServiceBinding } from '../model/binding.ts';
import type { Decision, DecisionRecord } from '../model/decision.ts';
import type { Observation } from '../model/observation.ts';
import type { Settings } from '../model/plan.ts';
import type { HotState } from '../model/state.ts';
import type { RecalledLearnt } from './memory.ts';
import type { Usage } from './ports.ts';
import type { Problem } from './run.ts';

// One service on its way through a tick.

export interface Prepared {
  readonly binding: ServiceBinding;
  readonly hot: HotState;
  readonly recalled: RecalledLearnt;
  /** Or what went wrong on the way to them. */
  readonly settings: Settings | Problem;
  /** What the moment added to the plan's settings. */
  readonly given: Partial<Settings>;
  /** What lies over the plan. Absent: nothing. */
  readonly applied?: AppliedReading;
}

export interface Decided extends Prepared {
  readonly observation: Observation;
  readonly decision: Decision;
  readonly usage: Usage;
}

export interface Acted extends Decided {
  readonly record: DecisionRecord;
}
