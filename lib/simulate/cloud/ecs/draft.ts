import type { EpochSeconds } from '../../../model/units.ts';
import { drawHex, drawLogNormal, drawUniform } from '../random.ts';
import type { Cluster, Deployment, EcsEffect, EcsState, Service, Task, TaskDefinition } from './types.ts';

/** One step in the making: the old state stays untouched, what is changed is replaced, `finish` gives the new state. */
export class Draft {
  readonly now: EpochSeconds;
  readonly settings: EcsState['settings'];
  readonly effects: EcsEffect[] = [];
  readonly clusters: Map<string, Cluster>;
  readonly definitions: Map<string, TaskDefinition>;
  readonly services: Map<string, Service>;
  readonly tasks: Map<string, Task>;
  launchTokens: number;
  launchTokensAt: EpochSeconds;
  metricsAt: EpochSeconds;
  #random: number;

  constructor(state: EcsState, now: EpochSeconds) {
    this.now = now;
    this.settings = state.settings;
    this.clusters = new Map(state.clusters);
    this.definitions = new Map(state.definitions);
    this.services = new Map(state.services);
    this.tasks = new Map(state.tasks);
    this.launchTokens = state.launchTokens;
    this.launchTokensAt = state.launchTokensAt;
    this.metricsAt = state.metricsAt;
    this.#random = state.random;
  }

  finish(): EcsState {
    const { settings, clusters, definitions, services, tasks, launchTokens, launchTokensAt, metricsAt } = this;
    const random = this.#random;
    return { settings, random, clusters, definitions, services, tasks, launchTokens, launchTokensAt, metricsAt };
  }

  /** Throws for a task that does not exist: callers have looked. */
  task(id: string): Task {
    return found(this.tasks.get(id), `task ${id}`);
  }
  service(key: string): Service {
    return found(this.services.get(key), `service ${key}`);
  }
  definitionOf(task: Task): TaskDefinition {
    return found(this.definitions.get(task.definition), `task definition ${task.definition}`);
  }
  primaryOf(key: string): Deployment {
    return found(this.service(key).deployments[0], `deployment of ${key}`);
  }
  tasksOf(key: string): Task[] {
    return [...this.tasks.values()].filter((task) => task.service === key);
  }

  patchTask(id: string, patch: Partial<Task>): Task {
    const task = { ...this.task(id), ...patch };
    this.tasks.set(id, task);
    return task;
  }
  patchService(key: string, patch: Partial<Service>): void {
    this.services.set(key, { ...this.service(key), ...patch });
  }
  patchDeployment(key: string, id: string, patch: Partial<Deployment>): void {
    const deployments = this.service(key).deployments.map((deployment) =>
      deployment.id === id ? { ...deployment, ...patch, updatedAt: this.now } : deployment,
    );
    this.patchService(key, { deployments });
  }

  /** Adds a service event; the hundred newest are kept. */
  tell(key: string, message: string): void {
    const service = this.service(key);
    const event = { id: this.drawUuid(), at: this.now, message: `(service ${service.name}) ${message}` };
    this.patchService(key, { events: [event, ...service.events].slice(0, 100) });
  }

  drawHex(digits: number): string {
    const [value, next] = drawHex(this.#random, digits);
    this.#random = next;
    return value;
  }
  drawUuid(): string {
    return this.drawHex(32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }
  /** A whole number in [0, below). */
  drawIndex(below: number): number {
    const [value, next] = drawUniform(this.#random);
    this.#random = next;
    return Math.floor(value * below);
  }
  drawStartDelay(): number {
    const { median, p95 } = this.settings.startDelaySeconds;
    const [value, next] = drawLogNormal(this.#random, median, p95);
    this.#random = next;
    return value;
  }
}

const found = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new Error(`ECS model: no ${what}`);
  return value;
};
