import type { Seconds } from '../../model/units.ts';
import type { Sight } from '../scaler.ts';
import type { SimulatedJobs } from '../simulated-jobs.ts';
import { Agenda } from './agenda.ts';
import { CompletionHeap } from './completion-heap.ts';
import { Fleet } from './fleet.ts';
import { Instruments } from './instruments.ts';
import { JobQueue } from './job-queue.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { cpuOfBusySlots, type Setup } from './setup.ts';

/** The state of a run at one instant, exactly. For charts and checks, never for a scaler. */
export interface Truth {
  readonly t: Seconds;
  readonly arrived: number;
  readonly completed: number;
  readonly waiting: number;
  readonly inFlight: number;
  /** Killed, not visible again yet. */
  readonly hidden: number;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
}

/**
 * One SQS queue and one ECS service, job by job: `advance` to the next tick, `setDesired`, and so on to the end.
 * Time moves from event to event; arrivals and completions, of which there are millions, go past the agenda.
 */
export class Simulation {
  readonly #jobs: SimulatedJobs;
  readonly #setup: Setup;
  readonly #tickSeconds: Seconds;
  readonly #agenda = new Agenda();
  readonly #queue = new JobQueue();
  readonly #fleet: Fleet;
  readonly #instruments: Instruments;
  readonly #completions: CompletionHeap;
  /** By slot: its job, or -1, and when that ends. */
  readonly #jobOf: Int32Array;
  readonly #endsAt: Float64Array;
  /** By job: how long it waited for the attempt that finishes. NaN: not started. */
  readonly #waits: Float32Array;
  #now: Seconds = 0;
  #nextTick: Seconds = 0;
  #busy = 0;
  #hidden = 0;
  #started = 0;
  #late = 0;
  #completed = 0;
  #killed = 0;
  #backlogMax = 0;
  #busySlotSeconds: Seconds = 0;
  #slotSeconds: Seconds = 0;
  #actions = 0;
  #reversals = 0;
  #lastStep = 0;
  #sinceTick = { busySlotSeconds: 0, slotSeconds: 0 };
  #sinceMinute = { busySlotSeconds: 0, slotSeconds: 0, sent: 0, deleted: 0 };

  constructor(jobs: SimulatedJobs, setup: Setup, tickSeconds: Seconds) {
    this.#jobs = jobs;
    this.#setup = setup;
    this.#tickSeconds = tickSeconds;
    this.#fleet = new Fleet(setup, {
      agenda: this.#agenda,
      now: () => this.#now,
      slotsIdle: () => this.#feedIdleSlots(),
      killed: (firstSlot) => this.#kill(firstSlot),
    });
    const slots = this.#fleet.taskCapacity * setup.concurrency;
    this.#jobOf = new Int32Array(slots).fill(-1);
    this.#endsAt = new Float64Array(slots);
    this.#completions = new CompletionHeap(slots + 1);
    this.#waits = new Float32Array(jobs.count).fill(Number.NaN);
    this.#instruments = new Instruments(setup.world, setup.seed);
    this.#readEachTick(setup.world.counterLagSeconds, (atStart) => this.#readQueue(atStart));
    this.#readEachTick(setup.world.reportLagSeconds, () => this.#readReports());
    this.#agenda.add(60, () => this.#closeMinute());
    this.#fleet.setDesired(this.#bounded(setup.initial));
  }

  /** Plays on to the next tick and shows what is seen there; undefined when the run is over. */
  advance(): Sight | undefined {
    const { endSeconds } = this.#jobs;
    this.#playUntil(Math.min(this.#nextTick, endSeconds));
    if (this.#nextTick >= endSeconds) {
      this.#fleet.settle();
      return undefined;
    }
    this.#fleet.reconcile();
    const sight = this.#look();
    this.#nextTick += this.#tickSeconds;
    return sight;
  }

  /** A whole number; the bounds of the run are applied. */
  setDesired(count: number): void {
    const desired = this.#bounded(count);
    const step = Math.sign(desired - this.#fleet.desired);
    if (step === 0) return;
    this.#actions += 1;
    if (step === -this.#lastStep) this.#reversals += 1;
    this.#lastStep = step;
    this.#fleet.setDesired(desired);
  }

  get truth(): Truth {
    return {
      t: this.#now,
      arrived: this.#queue.next,
      completed: this.#completed,
      waiting: this.#queue.length,
      inFlight: this.#busy,
      hidden: this.#hidden,
      desired: this.#fleet.desired,
      running: this.#fleet.slotTasks,
      pending: this.#fleet.pendingCount,
    };
  }

  /** After the end. */
  outcome(): Outcome {
    return outcomeOf(this.#jobs, this.#setup, {
      waits: this.#waits,
      waiting: this.#queue.waiting(),
      arrived: this.#queue.next,
      completed: this.#completed,
      inFlight: this.#busy,
      hidden: this.#hidden,
      runningEnds: this.#endsAt.filter((_, slot) => this.#jobOf[slot] !== -1),
      billedSeconds: this.#fleet.billedSeconds,
      busySlotSeconds: this.#busySlotSeconds,
      starts: this.#fleet.starts,
      killed: this.#killed,
      actions: this.#actions,
      reversals: this.#reversals,
      backlogMax: this.#backlogMax,
    });
  }

  #bounded(count: number): number {
    const { min, max } = this.#setup.bounds;
    return Math.max(min, Math.min(max, Math.round(count)));
  }

  #playUntil(stop: Seconds): void {
    for (;;) {
      const { nextAt } = this.#agenda;
      this.#playJobs(Math.min(stop, nextAt));
      if (nextAt > stop) break;
      this.#moveTo(nextAt);
      this.#agenda.take()();
    }
    this.#moveTo(stop);
  }

  /** Arrivals and completions up to `until`. Neither puts anything on the agenda, so nothing else can come between. */
  #playJobs(until: Seconds): void {
    const { arrivalSeconds, count } = this.#jobs;
    const completions = this.#completions;
    const queue = this.#queue;
    for (;;) {
      const arrival = queue.next < count ? (arrivalSeconds[queue.next] as number) : Number.POSITIVE_INFINITY;
      const completion = completions.size > 0 ? (completions.times[0] as number) : Number.POSITIVE_INFINITY;
      if (completion <= arrival) {
        if (completion > until) return;
        this.#complete(completion);
      } else {
        if (arrival > until) return;
        this.#arrive(arrival);
      }
    }
  }

  #moveTo(time: Seconds): void {
    const elapsed = time - this.#now;
    if (elapsed <= 0) return;
    this.#busySlotSeconds += this.#busy * elapsed;
    this.#slotSeconds += this.#fleet.slotTasks * this.#setup.concurrency * elapsed;
    this.#now = time;
  }

  #arrive(time: Seconds): void {
    this.#moveTo(time);
    this.#queue.next += 1;
    if (this.#fleet.idleCount > 0) this.#feedIdleSlots();
    else if (this.#queue.length > this.#backlogMax) this.#backlogMax = this.#queue.length;
  }

  #complete(time: Seconds): void {
    const slot = this.#completions.slots[0] as number;
    // The job of this entry was killed; the slot's present one has an entry of its own.
    if (this.#endsAt[slot] !== time || this.#jobOf[slot] === -1) {
      this.#completions.pop();
      return;
    }
    this.#moveTo(time);
    this.#completed += 1;
    this.#busy -= 1;
    this.#jobOf[slot] = -1;
    const goesOn = this.#fleet.vacate(slot);
    const next = goesOn ? this.#queue.take() : -1;
    if (next === -1) {
      this.#completions.pop();
      if (goesOn) this.#fleet.addIdle(slot);
      return;
    }
    this.#fleet.occupy(slot);
    this.#completions.replaceTop(this.#start(slot, next), slot);
  }

  #feedIdleSlots(): void {
    while (this.#fleet.idleCount > 0) {
      const job = this.#queue.take();
      if (job === -1) return;
      const slot = this.#fleet.takeIdle();
      this.#completions.push(this.#start(slot, job), slot);
    }
  }

  /** Returns when the job will end. */
  #start(slot: number, job: number): Seconds {
    const wait = this.#now - (this.#jobs.arrivalSeconds[job] as number);
    this.#waits[job] = wait;
    this.#started += 1;
    if (wait > this.#setup.startWithinSeconds) this.#late += 1;
    this.#busy += 1;
    this.#jobOf[slot] = job;
    const end = this.#now + (this.#jobs.serviceSeconds[job] as number);
    this.#endsAt[slot] = end;
    return end;
  }

  #kill(firstSlot: number): void {
    for (let slot = firstSlot; slot < firstSlot + this.#setup.concurrency; slot += 1) {
      const job = this.#jobOf[slot] as number;
      if (job === -1) continue;
      this.#jobOf[slot] = -1;
      this.#busy -= 1;
      this.#killed += 1;
      this.#hidden += 1;
      this.#forgetWait(job);
      this.#agenda.add(this.#now + this.#setup.visibilitySeconds, () => {
        this.#hidden -= 1;
        this.#queue.putBack(job);
        this.#feedIdleSlots();
      });
    }
  }

  /** The wait that counts is that for the attempt which finishes. The workers reported the start all the same. */
  #forgetWait(job: number): void {
    this.#waits[job] = Number.NaN;
  }

  /** A reading for each tick, taken as long before it as it will be old. Before the start there was nothing. */
  #readEachTick(lagSeconds: Seconds, read: (atStart: boolean) => void): void {
    let tick = 0;
    for (; tick < lagSeconds; tick += this.#tickSeconds) read(true);
    const readAt = (at: Seconds): void =>
      this.#agenda.add(at, () => {
        read(false);
        readAt(at + this.#tickSeconds);
      });
    readAt(tick - lagSeconds);
  }

  #readQueue(atStart: boolean): void {
    const empty = { visible: 0, inFlight: 0 };
    this.#instruments.readQueue(atStart ? empty : { visible: this.#queue.length, inFlight: this.#busy + this.#hidden });
  }

  #readReports(): void {
    this.#instruments.readReports({
      started: this.#started,
      late: this.#late,
      completed: this.#completed,
      busySlotSeconds: this.#busySlotSeconds,
    });
  }

  #look(): Sight {
    const fleet = this.#fleet;
    const surplus = Math.max(0, fleet.readyCount + fleet.pendingCount - fleet.desired);
    const draining = fleet.drainingCount + fleet.stoppingCount + surplus;
    const cpu = this.#cpuSince(this.#sinceTick);
    this.#sinceTick = { busySlotSeconds: this.#busySlotSeconds, slotSeconds: this.#slotSeconds };
    return {
      t: this.#now,
      queue: this.#instruments.queueAtTick(),
      service: {
        desired: fleet.desired,
        running: fleet.readyCount + fleet.drainingCount,
        pending: fleet.pendingCount,
        ...(this.#setup.world.seesDraining && { draining }),
      },
      work: this.#instruments.workAtTick(),
      cpu,
      minutes: this.#instruments.minutesAtTick(this.#now),
    };
  }

  #closeMinute(): void {
    const before = this.#sinceMinute;
    this.#instruments.publish({
      t: this.#now,
      visible: this.#queue.length,
      inFlight: this.#busy + this.#hidden,
      running: this.#fleet.readyCount + this.#fleet.drainingCount,
      sent: this.#queue.next - before.sent,
      deleted: this.#completed - before.deleted,
      cpu: this.#cpuSince(before),
    });
    this.#sinceMinute = {
      busySlotSeconds: this.#busySlotSeconds,
      slotSeconds: this.#slotSeconds,
      sent: this.#queue.next,
      deleted: this.#completed,
    };
    this.#agenda.add(this.#now + 60, () => this.#closeMinute());
  }

  #cpuSince(before: { readonly busySlotSeconds: Seconds; readonly slotSeconds: Seconds }): number {
    const slotSeconds = this.#slotSeconds - before.slotSeconds;
    const perBusySlot = this.#setup.cpuOfBusySlots ?? cpuOfBusySlots;
    return slotSeconds > 0 ? (perBusySlot * (this.#busySlotSeconds - before.busySlotSeconds)) / slotSeconds : 0;
  }
}
