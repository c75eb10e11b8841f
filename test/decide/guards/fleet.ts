import { decide } from '../../../lib/decide/decide.ts';
import type { Decision } from '../../../lib/model/decision.ts';
import { known } from '../../../lib/model/observation.ts';
import type { Settings } from '../../../lib/model/plan.ts';
import { initialState, type ServiceState } from '../../../lib/model/state.ts';
import { createRandom, type Random } from '../../../lib/simulate/random.ts';

export const t0 = 1_763_712_000;

/** How jobs behave; each field may change while time passes. */
export interface Workload {
  /** Jobs that arrive, per second. */
  arrivals: number;
  serviceSeconds: number;
  /** Coefficient of variation of the service time. */
  cv: number;
  /** Jobs a second that the downstream answers in all, however many ask. Infinity: no limit. */
  downstream: number;
  /** Share of the jobs that fail, and come back. */
  failing: number;
  /** False: tasks run and never take a job. */
  connected: boolean;
}

interface Job {
  left: number;
}

/** A fleet second by second, ruled by the real `decide`: tasks start after 40 s, take jobs, share a downstream. */
export class Fleet {
  readonly workload: Workload;
  readonly #random: Random;
  #state: ServiceState = initialState(t0);
  now = t0;
  desired: number;
  running: number;
  readonly #starting: number[] = [];
  #jobs: Job[] = [];
  waiting: number;
  #completed = 0;
  #failed = 0;
  #started = 0;
  #busy = 0;
  #allowance = 0;

  constructor(workload: Partial<Workload>, tasks: number, waiting = 0) {
    this.workload = {
      arrivals: 0,
      serviceSeconds: 5,
      cv: 0.5,
      downstream: Infinity,
      failing: 0,
      connected: true,
      ...workload,
    };
    this.#random = createRandom(11);
    this.desired = tasks;
    this.running = tasks;
    this.waiting = waiting;
  }

  /** Runs so many seconds with a decision each ten; the decisions in order. */
  run(settings: Settings, seconds: number): readonly Decision[] {
    const decisions: Decision[] = [];
    for (let second = 0; second < seconds; second += 1) {
      this.#second();
      if ((this.now - t0) % 10 === 0) decisions.push(this.#decide(settings));
    }
    return decisions;
  }

  #second(): void {
    this.now += 1;
    const { arrivals, serviceSeconds, cv, downstream, failing, connected } = this.workload;
    this.waiting += this.#random.poisson(arrivals);
    while (this.#starting.length > 0 && (this.#starting[0] ?? 0) <= this.now) {
      this.#starting.shift();
      this.running += 1;
    }
    while (connected && this.waiting > 0 && this.#jobs.length < this.running) {
      this.waiting -= 1;
      this.#started += 1;
      this.#jobs.push({ left: Math.max(1, this.#random.lognormal(serviceSeconds, cv)) });
    }
    this.#busy += this.#jobs.length;
    for (const job of this.#jobs) job.left -= 1;
    this.#allowance = Math.min(this.#allowance + downstream, Math.max(1, downstream));
    this.#jobs = this.#jobs.filter((job) => {
      if (job.left > 0 || this.#allowance < 1) return true;
      this.#allowance -= 1;
      if (this.#random.uniform() < failing) {
        this.#failed += 1;
        this.waiting += 1;
      } else this.#completed += 1;
      return false;
    });
  }

  #decide(settings: Settings): Decision {
    const { now, desired, running } = this;
    const decision = decide(
      {
        now,
        queues: [
          { name: 'convert', counts: known(now, { visible: this.waiting, inFlight: this.#jobs.length, delayed: 0 }) },
        ],
        service: known(now, {
          desired,
          running,
          pending: this.#starting.length,
          deploymentInProgress: false,
          failedStarts: 0,
        }),
        work: known(now, {
          started: this.#started,
          late: 0,
          completed: this.#completed,
          failed: this.#failed,
          busySlotSeconds: this.#busy,
        }),
        signals: {},
      },
      settings,
      this.#state,
    );
    this.#state = decision.state;
    this.#started = this.#completed = this.#failed = this.#busy = 0;
    this.#scale(decision.desired);
    return decision;
  }

  #scale(to: number): void {
    for (let more = this.desired; more < to; more += 1) this.#starting.push(this.now + 40);
    for (let fewer = this.desired; fewer > to; fewer -= 1) {
      if (this.#starting.pop() === undefined) this.running -= 1;
    }
    this.desired = to;
  }
}
