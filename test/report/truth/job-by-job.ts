import type { ScaledService } from './scaled-service.ts';
import { dice } from './true-account.ts';

/** What a scaler may know at a tick. */
export interface Seen {
  readonly t: number;
  readonly waiting: number;
  readonly atWork: number;
  readonly running: number;
  readonly pending: number;
  readonly desired: number;
  /** Since the last tick. */
  readonly started: number;
  readonly late: number;
  readonly completed: number;
  readonly busySeconds: number;
  /** Share of the running tasks' time. */
  readonly cpu: number;
}

export interface Decider {
  readonly tickSeconds: number;
  readonly decide: (seen: Seen) => number | undefined;
}

export interface Lived {
  /** Billed, by hour. */
  readonly taskHours: readonly number[];
  readonly jobs: readonly number[];
  readonly late: readonly number[];
  readonly byMinute: readonly number[];
}

interface Task {
  state: 'pending' | 'ready' | 'leaving';
  readonly readyAt: number;
  readonly billedFrom: number;
  /** Infinity: idle. */
  busyUntil: number;
}

interface Totals {
  started: number;
  late: number;
  completed: number;
  busySeconds: number;
}

const stopSeconds = 10;
const leastBilledSeconds = 60;
const countersOld = 10;
const reportsOld = 20;
/** Share of its CPU that a task takes while it works. */
export const cpuAtWork = 0.8;

/** One queue, tasks that take one job at a time, each second of them billed: the truth's own engine, job by job. */
export const live = (
  service: ScaledService,
  arrivals: Float64Array,
  hours: number,
  initial: number,
  max: number,
  decider: Decider,
): Lived => new World(service, arrivals, hours, max).run(initial, decider);

class World {
  readonly #service: ScaledService;
  readonly #arrivals: Float64Array;
  readonly #end: number;
  readonly #max: number;
  readonly #start: () => number;
  readonly #work: () => number;
  readonly #tasks: Task[] = [];
  readonly #totals: Totals = { started: 0, late: 0, completed: 0, busySeconds: 0 };
  readonly #taskHours: number[];
  readonly #jobs: number[];
  readonly #lateOf: number[];
  readonly #byMinute: number[];
  #now = 0;
  #next = 0;
  #head = 0;
  #desired = 0;

  constructor(service: ScaledService, arrivals: Float64Array, hours: number, max: number) {
    this.#service = service;
    this.#arrivals = arrivals;
    this.#end = hours * 3600;
    this.#max = max;
    const sigma = Math.log(service.startP95 / service.startMedian) / 1.645;
    const [a, b] = [dice(service.seed + 11), dice(service.seed + 13)];
    this.#start = () => service.startMedian * Math.exp(sigma * normal(a));
    // Lognormal with a deviation of half its mean.
    const spread = Math.sqrt(Math.log(1.25));
    this.#work = () => service.seconds * Math.exp(spread * normal(b) - (spread * spread) / 2);
    const zeros = (count: number): number[] => new Array<number>(count).fill(0);
    [this.#taskHours, this.#jobs, this.#lateOf] = [zeros(hours), zeros(hours), zeros(hours)];
    this.#byMinute = zeros(hours * 60);
  }

  run(initial: number, { tickSeconds, decide }: Decider): Lived {
    this.#set(initial);
    let before: Totals = { ...this.#totals };
    for (let t = tickSeconds; t <= this.#end; t += tickSeconds) {
      this.#until(t - reportsOld);
      const totals = { ...this.#totals };
      this.#until(t - countersOld);
      const waiting = this.#next - this.#head;
      const atWork = this.#count((task) => task.busyUntil !== Number.POSITIVE_INFINITY);
      this.#until(t);
      const running = this.#count((task) => task.state !== 'pending');
      const slotSeconds = Math.max(1, running) * tickSeconds;
      const busySeconds = totals.busySeconds - before.busySeconds;
      const desired = decide({
        t,
        waiting,
        atWork,
        running,
        pending: this.#count((task) => task.state === 'pending'),
        desired: this.#desired,
        started: totals.started - before.started,
        late: totals.late - before.late,
        completed: totals.completed - before.completed,
        busySeconds,
        cpu: Math.min(1, (cpuAtWork * busySeconds) / slotSeconds),
      });
      before = totals;
      if (desired !== undefined) this.#set(desired);
    }
    this.#until(this.#end);
    for (const task of this.#tasks) this.#bill(task, this.#end);
    // What still waits and is old enough is late too.
    for (let job = this.#head; job < this.#next; job++) {
      if (this.#end - (this.#arrivals[job] as number) > this.#service.within)
        this.#judge(job, Number.POSITIVE_INFINITY);
    }
    return { taskHours: this.#taskHours, jobs: this.#jobs, late: this.#lateOf, byMinute: this.#byMinute };
  }

  #count(is: (task: Task) => boolean): number {
    let count = 0;
    for (const task of this.#tasks) if (is(task)) count += 1;
    return count;
  }

  #until(end: number): void {
    for (;;) {
      let at = this.#next < this.#arrivals.length ? (this.#arrivals[this.#next] as number) : Number.POSITIVE_INFINITY;
      let who: Task | undefined;
      for (const task of this.#tasks) {
        const then = task.state === 'pending' ? task.readyAt : task.busyUntil;
        if (then < at) [at, who] = [then, task];
      }
      if (at > end) break;
      this.#pass(at);
      if (who === undefined) {
        const minute = Math.floor(at / 60);
        this.#byMinute[minute] = (this.#byMinute[minute] ?? 0) + 1;
        this.#next += 1;
      } else if (who.state === 'pending') who.state = 'ready';
      else this.#finish(who);
      this.#feed();
    }
    if (end > this.#now) this.#pass(end);
  }

  #pass(to: number): void {
    const busy = this.#count((task) => task.busyUntil !== Number.POSITIVE_INFINITY);
    this.#totals.busySeconds += busy * Math.max(0, to - this.#now);
    this.#now = Math.max(this.#now, to);
  }

  #finish(task: Task): void {
    this.#totals.completed += 1;
    task.busyUntil = Number.POSITIVE_INFINITY;
    if (task.state === 'leaving' || this.#count((one) => one.state !== 'leaving') > this.#desired) this.#leave(task);
  }

  #feed(): void {
    for (const task of this.#tasks) {
      if (this.#head >= this.#next) return;
      if (task.state !== 'ready' || task.busyUntil !== Number.POSITIVE_INFINITY) continue;
      this.#judge(this.#head, this.#now);
      this.#head += 1;
      task.busyUntil = this.#now + this.#work();
    }
  }

  #judge(job: number, startedAt: number): void {
    const came = this.#arrivals[job] as number;
    const h = Math.floor(came / 3600);
    this.#jobs[h] = (this.#jobs[h] ?? 0) + 1;
    const isLate = startedAt - came > this.#service.within;
    if (isLate) this.#lateOf[h] = (this.#lateOf[h] ?? 0) + 1;
    this.#totals.started += 1;
    if (isLate) this.#totals.late += 1;
  }

  #set(count: number): void {
    this.#desired = Math.max(0, Math.min(this.#max, Math.round(count)));
    let there = this.#count((task) => task.state !== 'leaving');
    for (; there < this.#desired; there++) {
      const delay = this.#start();
      this.#tasks.push({
        state: 'pending',
        readyAt: this.#now + delay,
        billedFrom: this.#now + delay / 2,
        busyUntil: Number.POSITIVE_INFINITY,
      });
    }
    // Those that start, then those that idle; who works finishes first.
    for (const state of ['pending', 'ready'] as const) {
      for (const task of [...this.#tasks].reverse()) {
        if (there <= this.#desired) return;
        if (task.state !== state || task.busyUntil !== Number.POSITIVE_INFINITY) continue;
        this.#leave(task);
        there -= 1;
      }
    }
  }

  #leave(task: Task): void {
    this.#bill(task, this.#now + stopSeconds);
    this.#tasks.splice(this.#tasks.indexOf(task), 1);
  }

  #bill({ billedFrom }: Task, to: number): void {
    if (to - stopSeconds <= billedFrom) return;
    const until = Math.max(to, billedFrom + leastBilledSeconds);
    for (let h = Math.floor(billedFrom / 3600); h < this.#taskHours.length && h * 3600 < until; h++) {
      const part = Math.min(until, (h + 1) * 3600) - Math.max(billedFrom, h * 3600);
      if (part > 0) this.#taskHours[h] = (this.#taskHours[h] ?? 0) + part / 3600;
    }
  }
}

const normal = (roll: () => number): number => Math.sqrt(-2 * Math.log(1 - roll())) * Math.cos(2 * Math.PI * roll());
