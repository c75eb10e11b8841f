import {
  createCluster,
  createService,
  registerTaskDefinition,
  type ServiceSpec,
} from '../../../lib/simulate/cloud/ecs/commands.ts';
import type { EcsEffect, EcsEvent, EcsState, Service, Task } from '../../../lib/simulate/cloud/ecs/types.ts';
import {
  changeEcs,
  type EcsAccount,
  type EcsStep,
  initialEcsState,
  nextEcsWakeAt,
  stepEcs,
} from '../../../lib/simulate/cloud/ecs.ts';
import { callEcs } from '../../../lib/simulate/cloud/ecs-api.ts';

/** A world in which containers start at once, obey SIGTERM after `drainSeconds`, and die of SIGKILL at once. */
export class EcsWorld {
  now = 1_000_000;
  state: EcsState;
  drainSeconds = 1;
  /** Containers of these definitions fail to start. */
  readonly broken = new Set<string>();
  readonly effects: (EcsEffect & { readonly at: number })[] = [];
  readonly #exits = new Map<string, { readonly at: number; readonly exitCode: number }>();

  constructor(settings: Partial<EcsAccount> = {}, seed = 1) {
    const account = { region: 'eu-west-1', account: '123456789012', startDelaySeconds: { median: 30, p95: 30 } };
    this.state = initialEcsState({ ...account, ...settings }, seed, this.now);
    this.#commit(changeEcs(this.state, this.now, (draft) => void createCluster(draft, 'main')));
    this.define('worker');
  }

  define(family: string, stopTimeoutSeconds = 30, cpu = 256): void {
    const container = { name: 'c', image: 'i', command: [], environment: {}, stopTimeoutSeconds };
    const spec = { family, cpu, memoryMiB: 512, container };
    this.#commit(changeEcs(this.state, this.now, (draft) => void registerTaskDefinition(draft, spec)));
  }

  create(spec: Partial<ServiceSpec> = {}): void {
    const full = { name: 'api', cluster: 'main', taskDefinition: 'worker', ...spec };
    this.#commit(changeEcs(this.state, this.now, (draft) => void createService(draft, full)));
  }

  call(operation: string, input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const answer = callEcs(this.state, operation, { cluster: 'main', ...input }, this.now);
    this.#commit(answer);
    return answer.output;
  }
  scale(desiredCount: number): void {
    this.call('UpdateService', { service: 'api', desiredCount });
  }
  protect(task: Task, protectionEnabled = true, expiresInMinutes?: number): unknown {
    const { failures } = this.call('UpdateTaskProtection', { tasks: [task.id], protectionEnabled, expiresInMinutes });
    return (failures as readonly { readonly reason: string }[])[0]?.reason;
  }
  feed(event: EcsEvent): void {
    this.#commit(stepEcs(this.state, event, this.now));
  }

  /** Lets time pass, stopping wherever the model or a container has something to do. */
  pass(seconds: number): void {
    const end = this.now + seconds;
    for (;;) {
      const exit = Math.min(...[...this.#exits.values()].map(({ at }) => at), Number.POSITIVE_INFINITY);
      const next = Math.min(nextEcsWakeAt(this.state, this.now) ?? Number.POSITIVE_INFINITY, exit);
      if (next > end) break;
      this.now = Math.max(this.now, next);
      this.#exitDue();
      this.feed({ type: 'timePassed' });
    }
    this.now = end;
    this.feed({ type: 'timePassed' });
  }

  tasks(status?: Task['status']): Task[] {
    return [...this.state.tasks.values()].filter((task) =>
      status ? task.status === status : task.status !== 'STOPPED',
    );
  }
  service(): Service {
    return [...this.state.services.values()][0] as Service;
  }
  describe(): { readonly runningCount: number; readonly pendingCount: number; readonly desiredCount: number } {
    const { services } = this.call('DescribeServices', { services: ['api'] });
    return (services as readonly never[])[0] as never;
  }
  messages(): string[] {
    return this.service().events.map(({ message }) => message);
  }

  #commit(step: EcsStep): void {
    this.state = step.state;
    for (const effect of step.effects) {
      this.effects.push({ ...effect, at: this.now });
      if (effect.type === 'startContainer') this.#start(effect.task);
      if (effect.type === 'signal') this.#signal(effect.task, effect.signal);
    }
  }
  #start(task: string): void {
    const broken = this.broken.has(this.state.tasks.get(task)?.definition ?? '');
    this.feed(broken ? { type: 'containerFailed', task, reason: 'CannotPull' } : { type: 'containerStarted', task });
  }
  #signal(task: string, signal: 'SIGTERM' | 'SIGKILL'): void {
    if (signal === 'SIGKILL') this.#exits.set(task, { at: this.now, exitCode: 137 });
    else this.#exits.set(task, { at: this.now + this.drainSeconds, exitCode: 0 });
  }
  #exitDue(): void {
    for (const [task, { at, exitCode }] of this.#exits) {
      if (at > this.now) continue;
      this.#exits.delete(task);
      this.feed({ type: 'containerExited', task, exitCode });
    }
  }
}
