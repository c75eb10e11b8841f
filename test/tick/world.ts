import type { ServiceBinding } from '../../lib/model/binding.ts';
import type { Decision, DecisionRecord } from '../../lib/model/decision.ts';
import { known, type Observation, unknown } from '../../lib/model/observation.ts';
import type { ServicePlan, Settings } from '../../lib/model/plan.ts';
import type { DirectionBehavior } from '../../lib/model/policy.ts';
import type { Sighting } from '../../lib/model/sighting.ts';
import type { ServiceState } from '../../lib/model/state.ts';
import { noOverrides, type Overrides } from '../../lib/observe/overrides.ts';
import type { Tick } from '../../lib/tick/due.ts';
import { TickMemory } from '../../lib/tick/memory.ts';
import type { TickDependencies, Usage } from '../../lib/tick/ports.ts';
import { runTick, type TickOutcome } from '../../lib/tick.ts';
import { MemoryStateStore } from './memory-state-store.ts';

/** Saturday, a whole minute. */
export const start = Date.parse('2026-11-21T10:00:00Z') / 1000;

const still: DirectionBehavior = {
  stabilizationSeconds: 0,
  cooldownSeconds: 0,
  select: 'max',
  policies: [],
  tolerance: 0,
};

export const planOf = (service: string, change: Partial<ServicePlan> = {}): ServicePlan => ({
  service,
  mode: 'act',
  tickSeconds: 10,
  queues: [{ name: service, percent: 99, startWithinSeconds: 60, fifo: false }],
  worker: { cpu: 512, memoryMiB: 1024, concurrency: 1, stopTimeoutSeconds: 120, architecture: 'x86' },
  tasks: { min: 0, max: 50 },
  priority: 'normal',
  policy: { type: 'slo' },
  behavior: { scaleOut: still, scaleIn: still },
  calendar: { timeZone: 'UTC', holidays: [] },
  schedule: [],
  uses: {},
  events: [],
  ...change,
});

export const bindingOf = (service: string, change: Partial<ServicePlan> = {}): ServiceBinding => ({
  plan: planOf(service, change),
  shard: 's0',
  cluster: 'main',
  ecsService: `${service}-service`,
  queues: [{ name: service, url: `http://queue/${service}` }],
});

export const settingsOf = ({ schedule: _, calendar: __, ...plan }: ServicePlan): Settings => ({
  ...plan,
  size: { cpu: plan.worker.cpu, memoryMiB: plan.worker.memoryMiB },
});

/** One task for each job that is visible: a decider that is easy to foresee, and level-triggered as the real one. */
export function taskPerJob(observation: Observation, settings: Settings, state: ServiceState): Decision {
  const from = observation.service.known ? observation.service.value.desired : state.hot.asked;
  const visible = observation.queues.map(({ counts }) => (counts.known ? counts.value.visible : undefined));
  const desired = visible.includes(undefined) ? from : visible.reduce<number>((sum, n) => sum + (n ?? 0), 0);
  const kind = visible.includes(undefined) ? 'hold' : desired === from ? 'keep' : 'scale';
  const text = `${kind}: from ${from} to ${desired}`;
  return {
    service: settings.service,
    at: observation.now,
    kind,
    from,
    desired,
    size: settings.size,
    state: {
      hot: { ...state.hot, lastTickAt: observation.now, asked: desired },
      learnt: {
        ...state.learnt,
        pacing: { ...state.learnt.pacing, proposals: [...state.learnt.pacing.proposals, [observation.now, desired]] },
      },
    },
    alerts: [],
    explanation: [{ stage: 'propose', code: 'taskPerJob', text, from, to: desired }],
    summary: text,
    shadow: settings.mode === 'shadow',
  };
}

/** An account that outlives the functions in it: queues, ECS, the table, and the ticks under way. */
export class World {
  now = start;
  readonly state = new MemoryStateStore();
  overrides: Overrides = noOverrides;
  readonly visible = new Map<string, number>();
  readonly desired = new Map<string, number>();
  readonly updates: { service: string; desired: number }[] = [];
  readonly journal: DecisionRecord[] = [];
  readonly usage: Usage[] = [];
  readonly queue: { shard: string; instant: number; delay: number }[] = [];
  readonly bindings: readonly ServiceBinding[];

  constructor(bindings: readonly ServiceBinding[] = [bindingOf('convert')]) {
    this.bindings = bindings;
    for (const { plan } of bindings) {
      this.visible.set(plan.service, 0);
      this.desired.set(plan.service, 0);
    }
  }

  /** A function's own set of dependencies; each has its own memory, as two warm Lambda environments have. */
  dependencies(change: Partial<TickDependencies> = {}): TickDependencies {
    return {
      clock: { now: () => this.now },
      state: this.state,
      overrides: { read: async () => this.overrides },
      memory: new TickMemory(),
      decide: taskPerJob,
      settingsAt: settingsOf,
      observer: { observe: async (services) => services.map(({ binding }) => this.see(binding.plan.service)) },
      scaler: {
        setDesired: async (binding, desired) => {
          this.update(binding.plan.service, desired);
          return { changed: true, desired };
        },
      },
      journal: { write: async (records) => void this.journal.push(...records) },
      rollups: { write: async (usage) => void this.usage.push(...usage) },
      sender: {
        send: async (shard, instants, now) => {
          for (const instant of instants) this.queue.push({ shard, instant, delay: instant - now });
        },
      },
      ...change,
    };
  }

  see(service: string): Sighting {
    const visible = this.visible.get(service);
    const desired = this.desired.get(service) ?? 0;
    const counts = visible === undefined ? unknown('failed') : known(this.now, { visible, inFlight: 0, delayed: 0 });
    return {
      observation: {
        now: this.now,
        queues: [{ name: service, counts }],
        service: known(this.now, {
          desired,
          running: desired,
          pending: 0,
          deploymentInProgress: false,
          failedStarts: 0,
        }),
        work: unknown('missing'),
        signals: {},
      },
      totals: { at: 0, counts: {} },
    };
  }

  update(service: string, desired: number): void {
    this.updates.push({ service, desired });
    this.desired.set(service, desired);
  }

  /** A tick of the queue, at its instant unless `now` was set to another one. */
  tick(deps: TickDependencies, instant = this.now, source: Tick['source'] = 'queue'): Promise<TickOutcome> {
    return runTick({ shard: 's0', scheduledAt: instant, source }, this.bindings, deps, new AbortController().signal);
  }
}
