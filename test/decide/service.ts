import { decide } from '../../lib/decide/decide.ts';
import type { Decision } from '../../lib/model/decision.ts';
import {
  known,
  type Observation,
  type QueueCounts,
  type ServiceCounts,
  unknown,
  type WorkReport,
} from '../../lib/model/observation.ts';
import type { Settings } from '../../lib/model/plan.ts';
import type { Behavior, DirectionBehavior } from '../../lib/model/policy.ts';
import { initialState, type ServiceState } from '../../lib/model/state.ts';

const unpaced: DirectionBehavior = {
  stabilizationSeconds: 0,
  cooldownSeconds: 0,
  select: 'max',
  policies: [],
  tolerance: 0,
};
export const unpacedBehavior: Behavior = { scaleOut: unpaced, scaleIn: unpaced };

/** A service with one queue whose policy is one task per 10 visible or in-flight jobs, unpaced; `changes` say what differs. */
export const settingsWith = (changes: Partial<Settings> = {}): Settings => ({
  service: 'convert',
  mode: 'act',
  tickSeconds: 10,
  queues: [{ name: 'convert', percent: 99, startWithinSeconds: 60, fifo: false }],
  worker: { cpu: 512, memoryMiB: 1024, concurrency: 1, stopTimeoutSeconds: 120, architecture: 'x86' },
  size: { cpu: 512, memoryMiB: 1024 },
  tasks: { min: 0, max: 50 },
  priority: 'normal',
  policy: { type: 'targetTracking', signals: [{ signal: 'queueDepth', perTask: 10 }], tolerance: 0 },
  behavior: unpacedBehavior,
  uses: {},
  events: [],
  ...changes,
});

export interface Seen {
  readonly now: number;
  readonly queue?: Partial<QueueCounts> | 'unknown' | { readonly at: number; readonly visible: number };
  readonly service?: Partial<ServiceCounts> | 'unknown';
  readonly work?: WorkReport;
  /** Signals that are known now. */
  readonly signals?: Readonly<Record<string, number>>;
}

export const observationOf = (seen: Seen): Observation => {
  const { now, queue = {}, service = {} } = seen;
  const at = queue !== 'unknown' && 'at' in queue ? queue.at : now;
  const desired = service === 'unknown' ? 0 : (service.desired ?? 1);
  return {
    now,
    queues: [
      {
        name: 'convert',
        counts:
          queue === 'unknown'
            ? unknown('failed', 'throttled')
            : known(at, { visible: 0, inFlight: 0, delayed: 0, ...queue }),
      },
    ],
    service:
      service === 'unknown'
        ? unknown('failed', 'throttled')
        : known(now, {
            desired,
            running: desired,
            pending: 0,
            deploymentInProgress: false,
            failedStarts: 0,
            ...service,
          }),
    work: seen.work ? known(now, seen.work) : unknown('missing'),
    signals: Object.fromEntries(Object.entries(seen.signals ?? {}).map(([name, value]) => [name, known(now, value)])),
  };
};

/** A service as time passes: each `tick` decides and carries the decision out at once, unless `lost` says that the call failed. */
export class Service {
  desired: number;
  state: ServiceState;
  settings: Settings;

  constructor(settings: Settings, desired: number, state: ServiceState = initialState(0)) {
    this.settings = settings;
    this.desired = desired;
    this.state = state;
  }

  tick(seen: Seen, options: { readonly lost?: boolean } = {}): Decision {
    const service = seen.service === 'unknown' ? 'unknown' : { desired: this.desired, ...seen.service };
    const decision = decide(observationOf({ ...seen, service }), this.settings, this.state);
    this.state = decision.state;
    if (decision.kind === 'scale' && !decision.shadow && !options.lost) this.desired = decision.desired;
    return decision;
  }
}
