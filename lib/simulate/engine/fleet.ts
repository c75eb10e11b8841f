import type { Seconds } from '../../model/units.ts';
import { createRandom, type Random } from '../random.ts';
import type { Agenda } from './agenda.ts';
import { minimumBilledSeconds, type Setup } from './setup.ts';
import { startDelays } from './start-delays.ts';

/** What the fleet needs of the simulation around it. */
export interface Surroundings {
  readonly agenda: Agenda;
  readonly now: () => Seconds;
  /** Slots became idle: there may be jobs for them. */
  readonly slotsIdle: () => void;
  /** The task was killed with whatever it was doing. */
  readonly killed: (firstSlot: number) => void;
}

const free = 0;
const pending = 1;
const ready = 2;
/** Protected and surplus: takes no more jobs, ends when idle, may be called back. */
const draining = 3;
/** SIGTERM was sent: finishes what it can before it is killed. */
const stopping = 4;

/**
 * The tasks of one ECS service: launches, slots, scale-in and the bill.
 * A slot is numbered task × concurrency + its place in the task. Typed arrays, no object per task or job.
 */
export class Fleet {
  desired = 0;
  pendingCount = 0;
  readyCount = 0;
  drainingCount = 0;
  stoppingCount = 0;
  idleCount = 0;
  billedSeconds: Seconds = 0;
  starts = 0;
  readonly #setup: Setup;
  readonly #around: Surroundings;
  readonly #delay: () => Seconds;
  readonly #pick: Random;
  readonly #concurrency: number;
  readonly #state: Uint8Array;
  /** Jobs by task. */
  readonly #busy: Int32Array;
  /** Read only when draining tasks are called back, which needs protection, so kills need not clear it. */
  readonly #slotBusy: Uint8Array;
  readonly #billedFrom: Float64Array;
  /** Raised with each use of a task number, so that events of an earlier life find out. */
  readonly #life: Int32Array;
  readonly #freeTasks: number[];
  /** Oldest first. */
  readonly #pendingTasks: number[] = [];
  readonly #idle: Int32Array;
  readonly #idlePlace: Int32Array;

  constructor(setup: Setup, around: Surroundings) {
    this.#setup = setup;
    this.#around = around;
    this.#concurrency = setup.concurrency;
    this.#delay = startDelays(setup.world.startDelay, setup.seed);
    this.#pick = createRandom(setup.seed).fork('pick');
    const tasks = this.taskCapacity;
    this.#state = new Uint8Array(tasks);
    this.#busy = new Int32Array(tasks);
    this.#billedFrom = new Float64Array(tasks);
    this.#life = new Int32Array(tasks);
    this.#freeTasks = Array.from({ length: tasks }, (_, i) => tasks - 1 - i);
    this.#slotBusy = new Uint8Array(tasks * setup.concurrency);
    this.#idle = new Int32Array(tasks * setup.concurrency);
    this.#idlePlace = new Int32Array(tasks * setup.concurrency).fill(-1);
  }

  /** Tasks that can exist at a time: those on their way out may be as many as the largest fleet. */
  get taskCapacity(): number {
    return 2 * this.#setup.bounds.max + 64;
  }

  /** Tasks with slots, whether or not they take jobs. */
  get slotTasks(): number {
    return this.readyCount + this.drainingCount + this.stoppingCount;
  }

  setDesired(count: number): void {
    this.desired = count;
    this.reconcile();
  }

  /** Launches and stops until the fleet is on its way to the desired count. */
  reconcile(): void {
    const missing = this.desired - this.pendingCount - this.readyCount;
    if (missing > 0) this.#grow(missing);
    else if (missing < 0) this.#shrink(-missing);
  }

  /** An idle slot at random (each one polls), now busy. Only when `idleCount` > 0. */
  takeIdle(): number {
    const slot = this.#idle[this.idleCount === 1 ? 0 : this.#pick.integer(this.idleCount)] as number;
    this.#removeIdle(slot);
    this.occupy(slot);
    return slot;
  }

  occupy(slot: number): void {
    this.#slotBusy[slot] = 1;
    const task = this.#taskOf(slot);
    this.#busy[task] = (this.#busy[task] as number) + 1;
  }

  /** The job of the slot ended. True: the slot may have another one. */
  vacate(slot: number): boolean {
    this.#slotBusy[slot] = 0;
    const task = this.#taskOf(slot);
    const busy = (this.#busy[task] as number) - 1;
    this.#busy[task] = busy;
    if (this.#state[task] !== ready) {
      if (busy === 0) this.#release(task);
      return false;
    }
    // With one job a task, whichever of them finishes first is the one that goes.
    if (this.#concurrency === 1 && this.#setup.protect && this.readyCount + this.pendingCount > this.desired) {
      this.#release(task);
      return false;
    }
    return true;
  }

  addIdle(slot: number): void {
    this.#idlePlace[slot] = this.idleCount;
    this.#idle[this.idleCount] = slot;
    this.idleCount += 1;
  }

  /** The run is over: what still exists is billed up to now. */
  settle(): void {
    this.#state.forEach((state, task) => {
      if (state !== free) this.#bill(task);
    });
  }

  #taskOf(slot: number): number {
    return this.#concurrency === 1 ? slot : Math.floor(slot / this.#concurrency);
  }

  #grow(missing: number): void {
    let rest = missing - this.#callBack(missing);
    while (rest > 0 && this.#freeTasks.length > 0) {
      this.#launch();
      rest -= 1;
    }
    if (this.idleCount > 0) this.#around.slotsIdle();
  }

  /** Draining tasks that work again, at most so many. */
  #callBack(wanted: number): number {
    let called = 0;
    for (let task = 0; this.drainingCount > 0 && called < wanted; task += 1) {
      if (this.#state[task] !== draining) continue;
      this.#state[task] = ready;
      this.drainingCount -= 1;
      this.readyCount += 1;
      called += 1;
      this.#idleFreeSlots(task);
    }
    return called;
  }

  #idleFreeSlots(task: number): void {
    for (let slot = task * this.#concurrency; slot < (task + 1) * this.#concurrency; slot += 1)
      if (this.#slotBusy[slot] === 0) this.addIdle(slot);
  }

  #launch(): void {
    const task = this.#freeTasks.pop();
    if (task === undefined) return;
    const { pullShare } = this.#setup.world.startDelay;
    const now = this.#around.now();
    const delay = this.#delay();
    this.starts += 1;
    this.#busy[task] = 0;
    if (this.#setup.startsKnownAhead) {
      this.#billedFrom[task] = now - pullShare * delay;
      this.#becomeReady(task);
      return;
    }
    this.#billedFrom[task] = now + (1 - pullShare) * delay;
    this.#state[task] = pending;
    this.pendingCount += 1;
    this.#pendingTasks.push(task);
    const life = this.#life[task];
    this.#around.agenda.add(now + delay, () => {
      if (this.#life[task] !== life) return;
      this.#leavePending(task);
      this.#becomeReady(task);
      this.#around.slotsIdle();
    });
  }

  #becomeReady(task: number): void {
    this.#state[task] = ready;
    this.readyCount += 1;
    for (let slot = task * this.#concurrency; slot < (task + 1) * this.#concurrency; slot += 1) this.addIdle(slot);
  }

  #leavePending(task: number): void {
    this.pendingCount -= 1;
    this.#pendingTasks.splice(this.#pendingTasks.lastIndexOf(task), 1);
  }

  #shrink(surplus: number): void {
    let rest = surplus;
    for (let task = this.#pendingTasks.at(-1); rest > 0 && task !== undefined; task = this.#pendingTasks.at(-1)) {
      this.#release(task);
      rest -= 1;
    }
    if (rest <= 0) return;
    if (this.#setup.protect) this.#drain(rest);
    else this.#stopAtRandom(rest);
  }

  #drain(surplus: number): void {
    let rest = surplus;
    const idleTasks = this.#idleTasks();
    while (rest > 0 && idleTasks.length > 0) {
      this.#release(this.#drawFrom(idleTasks));
      rest -= 1;
    }
    if (rest <= 0 || this.#concurrency === 1) return;
    for (const task of this.#readyTasks().sort((a, b) => (this.#busy[a] as number) - (this.#busy[b] as number))) {
      if (rest <= 0) return;
      this.#dropIdleSlots(task);
      this.#state[task] = draining;
      this.readyCount -= 1;
      this.drainingCount += 1;
      rest -= 1;
    }
  }

  #stopAtRandom(surplus: number): void {
    const candidates = this.#readyTasks();
    for (let rest = surplus; rest > 0 && candidates.length > 0; rest -= 1) {
      const task = this.#drawFrom(candidates);
      if (this.#busy[task] === 0) this.#release(task);
      else this.#terminate(task);
    }
  }

  #terminate(task: number): void {
    this.#dropIdleSlots(task);
    this.#state[task] = stopping;
    this.readyCount -= 1;
    this.stoppingCount += 1;
    const life = this.#life[task];
    this.#around.agenda.add(this.#around.now() + this.#setup.stopTimeoutSeconds, () => {
      if (this.#life[task] !== life) return;
      this.#around.killed(task * this.#concurrency);
      this.#busy[task] = 0;
      this.#release(task);
    });
  }

  #release(task: number): void {
    this.#bill(task);
    const state = this.#state[task];
    if (state === pending) this.#leavePending(task);
    else if (state === ready) this.readyCount -= 1;
    else if (state === draining) this.drainingCount -= 1;
    else this.stoppingCount -= 1;
    this.#dropIdleSlots(task);
    this.#state[task] = free;
    this.#life[task] = (this.#life[task] as number) + 1;
    this.#freeTasks.push(task);
  }

  /** From the image pull to the end, by the second, and never less than the minimum. Cancelled before: nothing. */
  #bill(task: number): void {
    const from = this.#billedFrom[task] as number;
    const now = this.#around.now();
    if (now <= from) return;
    const seconds = now + this.#setup.world.stopLagSeconds - from;
    this.billedSeconds += Math.max(minimumBilledSeconds, Math.ceil(seconds - 1e-9));
  }

  #idleTasks(): number[] {
    const tasks: number[] = [];
    for (let i = 0; i < this.idleCount; i += 1) {
      const slot = this.#idle[i] as number;
      const task = this.#taskOf(slot);
      if (slot === task * this.#concurrency && this.#busy[task] === 0) tasks.push(task);
    }
    return tasks;
  }

  #readyTasks(): number[] {
    const tasks: number[] = [];
    this.#state.forEach((state, task) => {
      if (state === ready) tasks.push(task);
    });
    return tasks;
  }

  #drawFrom(tasks: number[]): number {
    const place = this.#pick.integer(tasks.length);
    const task = tasks[place] as number;
    tasks[place] = tasks[tasks.length - 1] as number;
    tasks.pop();
    return task;
  }

  #dropIdleSlots(task: number): void {
    for (let slot = task * this.#concurrency; slot < (task + 1) * this.#concurrency; slot += 1) this.#removeIdle(slot);
  }

  #removeIdle(slot: number): void {
    const place = this.#idlePlace[slot] as number;
    if (place < 0) return;
    this.idleCount -= 1;
    const last = this.#idle[this.idleCount] as number;
    this.#idle[place] = last;
    this.#idlePlace[last] = place;
    this.#idlePlace[slot] = -1;
  }
}
