import { decide } from '../../lib/decide/decide.ts';
import type { ServiceBinding } from '../../lib/model/binding.ts';
import type { DecisionRecord } from '../../lib/model/decision.ts';
import { known, type QueueCounts, type Reading, type ServiceCounts, unknown } from '../../lib/model/observation.ts';
import type { Sighting } from '../../lib/model/sighting.ts';
import { noOverrides } from '../../lib/observe/overrides.ts';
import { createRandom, type Random } from '../../lib/simulate/random.ts';
import { TickMemory } from '../../lib/tick/memory.ts';
import type { StateStore, TickDependencies } from '../../lib/tick/ports.ts';
import { runTick } from '../../lib/tick.ts';
import { settingsOf, start } from '../tick/world.ts';
import { Inbox } from './inbox.ts';
import { PlainStateStore } from './plain-state-store.ts';

/** What may go wrong with one tick. Each name is told with the seed when a rule is broken. */
export const faults = [
  'none',
  'duplicate',
  'concurrent',
  'late',
  'lost',
  'crashAfterCommit',
  'timeoutAfterSuccess',
  'callLost',
  'commitAnswerLost',
  'loadFails',
  'queueUnknown',
  'serviceUnknown',
  'observerDown',
  'falseZero',
  'staleCounts',
  'learntLost',
  'saveFails',
  'newFunction',
  'deployment',
  'topicDown',
  'topicAnswerLost',
  'noteLost',
] as const;
export type Fault = (typeof faults)[number];

/** A service as the world has it. */
interface Task {
  readonly binding: ServiceBinding;
  /** Jobs in its queue. */
  jobs: number;
  desired: number;
  running: number;
  /** What DescribeServices showed a moment ago: reads lag behind writes. */
  before: number;
  changedAt: number;
}

/**
 * An account with several warm functions over the real `runTick` and `decide`. Chance comes from the seed, time from the
 * world: a run can be repeated to the letter. Each rule that a call breaks is kept in `broken`.
 */
export class FaultWorld {
  now = start;
  readonly store = new PlainStateStore();
  readonly services: readonly Task[];
  readonly broken: string[] = [];
  readonly count = { ticks: 0, done: 0, dropped: 0, rejected: 0, acts: 0, scaleIns: 0, told: 0 };
  readonly inbox = new Inbox((rule) => this.#break(rule));
  readonly #random: Random;
  readonly #memories = [new TickMemory(), new TickMemory(), new TickMemory()];
  readonly #acted = new Set<string>();
  readonly #bindings: readonly ServiceBinding[];
  #fault: Fault = 'none';

  constructor(bindings: readonly ServiceBinding[], seed: number) {
    this.#bindings = bindings;
    this.#random = createRandom(seed);
    this.services = bindings.map((binding) => ({
      binding,
      jobs: 0,
      desired: binding.plan.tasks.min,
      running: binding.plan.tasks.min,
      before: binding.plan.tasks.min,
      changedAt: 0,
    }));
  }

  /** One period of ten seconds with one fault; the tick may come twice, at once, late or never. */
  async step(fault: Fault): Promise<void> {
    this.#fault = fault;
    this.now = Math.floor(this.now / 10) * 10 + 10;
    this.#live();
    const instant = this.now;
    const one = this.#random.integer(3);
    switch (fault) {
      case 'lost':
        return;
      case 'late':
        this.now += this.#random.integer(18);
        return this.#tick(one, instant);
      case 'duplicate':
        await this.#tick(one, instant);
        this.now += 1;
        return this.#tick(this.#random.integer(3), instant);
      case 'concurrent':
        await Promise.all([this.#tick(0, instant), this.#tick(1, instant), this.#tick(2, instant)]);
        return;
      case 'learntLost':
        this.store.loseLearnt();
        this.#memories.forEach((_, i) => {
          this.#memories[i] = new TickMemory();
        });
        return this.#tick(one, instant);
      case 'newFunction':
        this.#memories[one] = new TickMemory();
        return this.#tick(one, instant);
      case 'crashAfterCommit':
        await this.#tick(one, instant);
        this.#memories[one] = new TickMemory();
        return;
      default:
        return this.#tick(one, instant);
    }
  }

  /** The load of each service changes; tasks start and stop. */
  #live(): void {
    for (const task of this.services) {
      if (this.#random.uniform() < 0.02) task.jobs = this.#random.integer(200);
      else if (this.#random.uniform() < 0.3) task.jobs = Math.max(0, task.jobs + this.#random.integer(21) - 10);
      task.running += Math.sign(task.desired - task.running) * Math.min(4, Math.abs(task.desired - task.running));
    }
  }

  async #tick(index: number, instant: number): Promise<void> {
    this.count.ticks += 1;
    const memory = this.#memories[index] ?? new TickMemory();
    const invocation = new Invocation();
    const tick = { shard: 's0', scheduledAt: instant, source: 'queue' } as const;
    try {
      const outcome = await runTick(tick, this.#bindings, this.#dependencies(memory, invocation), signal);
      if (outcome.kind !== 'done') this.count.dropped += 1;
      else this.count.done += 1;
      for (const record of outcome.records) this.#checkRecord(record);
    } catch {
      this.count.rejected += 1;
    }
  }

  #dependencies(memory: TickMemory, invocation: Invocation): TickDependencies {
    return {
      clock: { now: () => this.now },
      state: this.#state(invocation),
      memory,
      overrides: { read: async () => noOverrides },
      decide,
      settingsAt: settingsOf,
      observer: {
        observe: async (wanted) => {
          if (this.#fault === 'observerDown') throw new Error('observer down');
          return wanted.map(({ binding }) => this.#see(binding, invocation));
        },
      },
      scaler: { setDesired: (binding, desired) => this.#setDesired(binding, desired, invocation) },
      journal: { write: async () => this.#mayCrash() },
      rollups: { write: async () => this.#mayCrash() },
      sender: { send: async () => undefined },
      alerts: {
        stage: 'test',
        plan: { severity: 'info', afterSeconds: 60, clearSeconds: 120, repeatSeconds: 3600 },
        topic: { publish: async ({ text }) => this.#publish(text) },
      },
    };
  }

  #state(invocation: Invocation): StateStore {
    const { store } = this;
    return {
      load: async () => {
        if (this.#fault === 'loadFails') throw new Error('load failed');
        return store.load();
      },
      commit: async (shard, readVersion, services, at, inner, alerts) => {
        const outcome = await store.commit(shard, readVersion, services, at, inner, alerts);
        if (outcome === 'committed') invocation.version = readVersion + 1;
        if (this.#fault === 'commitAnswerLost') throw new Error('no answer to the commit');
        return outcome;
      },
      markTold: async (shard, version) => {
        if (this.#fault === 'noteLost') throw new Error('no note was taken');
        return store.markTold(shard, version);
      },
      markSent: (shard, until) => store.markSent(shard, until),
      loadLearnt: (service) => store.loadLearnt(service),
      saveLearnt: async (service, stored) => {
        this.#mayCrash();
        if (this.#fault === 'saveFails') throw new Error('save failed');
        return store.saveLearnt(service, stored);
      },
    };
  }

  #mayCrash(): void {
    if (this.#fault === 'crashAfterCommit') throw new Error('crashed');
  }

  #see({ plan }: ServiceBinding, invocation: Invocation): Sighting {
    const task = this.#task(plan.service);
    const hit = this.#random.uniform() < 0.7;
    const queue = this.#queueReading(task, hit);
    const service = this.#serviceReading(task, hit);
    invocation.seen.set(plan.service, queue.known && service.known);
    return {
      observation: {
        now: this.now,
        queues: [{ name: plan.service, counts: queue }],
        service,
        work: unknown('missing'),
        signals: {},
      },
      totals: { at: 0, counts: {} },
    };
  }

  #queueReading(task: Task, hit: boolean): Reading<QueueCounts> {
    const none = { inFlight: 0, delayed: 0 };
    if (hit && this.#fault === 'queueUnknown') return unknown('failed', 'throttled');
    if (hit && this.#fault === 'falseZero') return known(this.now, { visible: 0, ...none });
    if (hit && this.#fault === 'staleCounts') return known(this.now - 300, { visible: 0, ...none });
    return known(this.now, { visible: task.jobs, ...none });
  }

  #serviceReading(task: Task, hit: boolean): Reading<ServiceCounts> {
    if (hit && this.#fault === 'serviceUnknown') return unknown('failed', 'throttled');
    const desired = this.now - task.changedAt < 5 ? task.before : task.desired;
    return known(this.now, {
      desired,
      running: task.running,
      pending: Math.max(0, task.desired - task.running),
      deploymentInProgress: this.#fault === 'deployment',
      failedStarts: 0,
    });
  }

  async #setDesired({ plan }: ServiceBinding, desired: number, invocation: Invocation) {
    this.#check(plan.service, desired, invocation);
    if (this.#fault === 'crashAfterCommit') throw new Error('crashed');
    if (this.#fault === 'callLost') throw new Error('connection refused');
    const task = this.#task(plan.service);
    this.count.acts += 1;
    if (desired < task.desired) this.count.scaleIns += 1;
    task.before = task.desired;
    task.desired = desired;
    task.changedAt = this.now;
    this.#checkLimits();
    if (this.#fault === 'timeoutAfterSuccess') throw new Error('socket hang up');
    return { changed: true, desired } as const;
  }

  async #publish(text: string): Promise<void> {
    this.#mayCrash();
    if (this.#fault === 'topicDown') throw new Error('topic down');
    this.count.told += 1;
    this.inbox.take(text, this.#fault === 'topicAnswerLost' || this.#fault === 'noteLost');
    if (this.#fault === 'topicAnswerLost') throw new Error('socket hang up');
  }

  #check(service: string, desired: number, invocation: Invocation): void {
    const task = this.#task(service);
    const { min, max } = task.binding.plan.tasks;
    if (desired < min || desired > max) this.#break(`${service}: ${desired} is outside ${min} to ${max}`);
    if (invocation.version === undefined) this.#break(`${service}: acted without a commit`);
    const act = `${invocation.version} ${service}`;
    if (this.#acted.has(act)) this.#break(`${service}: acted twice for version ${invocation.version}`);
    this.#acted.add(act);
    const blind = !invocation.seen.get(service) || this.#fault === 'deployment';
    if (desired < task.desired && blind)
      this.#break(`${service}: scaled in from ${task.desired} to ${desired} blindly`);
  }

  #checkLimits(): void {
    const taken: Record<string, number> = {};
    for (const { binding, desired } of this.services)
      for (const [name, uses] of Object.entries(binding.plan.uses)) taken[name] = (taken[name] ?? 0) + uses * desired;
    for (const { binding } of this.services)
      for (const [name, total] of Object.entries(binding.plan.limits ?? {}))
        if ((taken[name] ?? 0) > total) this.#break(`${taken[name]} of the limit ${name}, ${total}`);
  }

  #checkRecord({ decision }: DecisionRecord): void {
    const last = decision.explanation.at(-1)?.to;
    if (last !== decision.desired) this.#break(`${decision.service}: explains ${last}, decides ${decision.desired}`);
  }

  #task(service: string): Task {
    const task = this.services.find(({ binding }) => binding.plan.service === service);
    if (task === undefined) throw new Error(`no service ${service}`);
    return task;
  }

  #break(rule: string): void {
    if (this.broken.length < 20) this.broken.push(`tick ${this.count.ticks} (${this.#fault}): ${rule}`);
  }
}

/** One run of the function. */
class Invocation {
  version: number | undefined;
  /** By service, whether queue and task counts were known to it. */
  readonly seen = new Map<string, boolean>();
}

const { signal } = new AbortController();
