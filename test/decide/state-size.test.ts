import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decide } from '../../lib/decide/decide.ts';
import { known, type Observation } from '../../lib/model/observation.ts';
import type { Settings } from '../../lib/model/plan.ts';
import type { Behavior } from '../../lib/model/policy.ts';
import { initialState, type ServiceState } from '../../lib/model/state.ts';
import { createRandom } from '../../lib/simulate/random.ts';
import { settingsWith } from './service.ts';

const t0 = 1_763_712_000;
const behavior: Behavior = {
  scaleOut: {
    stabilizationSeconds: 60,
    cooldownSeconds: 30,
    select: 'max',
    policies: [
      { percent: 100, periodSeconds: 60 },
      { tasks: 5, periodSeconds: 300 },
    ],
    tolerance: 0.1,
  },
  scaleIn: {
    stabilizationSeconds: 600,
    cooldownSeconds: 60,
    select: 'min',
    policies: [{ percent: 50, periodSeconds: 1800 }],
    tolerance: 0.1,
  },
};

/** Everything on at once: every policy that remembers, every pacing rule, limit, budget and guard. */
const everything: Settings = settingsWith({
  policy: {
    type: 'max',
    of: [
      { type: 'slo' },
      {
        type: 'targetTracking',
        signals: [
          { signal: 'cpu', target: 60 },
          { signal: 'activeJobs', perTask: 10 },
        ],
        tolerance: 0.1,
      },
      { type: 'predictive', horizonMinutes: 15, minConfidence: 0.7, mode: 'full' },
      {
        type: 'vote',
        out: { atLeast: 2, signals: { cpu: 70, memory: 80 } },
        in: { signals: { cpu: 30, memory: 40 } },
        history: 3,
      },
    ],
  },
  behavior,
  tasks: { min: 1, max: 200 },
  window: 'business',
  limits: { db: 4000, vcpu: 100 },
  uses: { db: 20 },
  budget: { usdPerMonth: 500, at80: 'warn', at95: 'hold', at100: 'min' },
  sharedBudget: { usdPerMonth: 5000, at80: 'warn', at95: 'hold', at100: 'min' },
  flapsPerHour: 20,
  fallback: { afterSeconds: 300, count: 'currentIfHigher', than: 5 },
  events: [{ at: t0 + 86_400, forSeconds: 3600, factor: 3 }],
});

/** A day with a peak, noise, and now and then a gap in what is known. */
class Days {
  readonly #random = createRandom(3);
  #state: ServiceState = initialState(t0);
  desired = 2;
  #visible = 0;
  worstBytes = 0;
  worstGzipBytes = 0;
  state = this.#state;

  observe(now: number, seconds: number): Observation {
    const hour = ((now - t0) / 3600) % 24;
    const rate = 0.3 + 4 * Math.max(0, Math.sin(((hour - 6) / 12) * Math.PI)) * this.#random.lognormal(1, 0.4);
    const arrived = this.#random.poisson(rate * seconds);
    const served = Math.min(this.#visible + arrived, Math.round((this.desired * seconds) / 6));
    this.#visible += arrived - served;
    const load = Math.min(100, (100 * served * 6) / Math.max(1, this.desired * seconds));
    const signal = (value: number) => known(now, value);
    return {
      now,
      queues: [
        {
          name: 'convert',
          counts: known(now, { visible: this.#visible, inFlight: Math.min(served, this.desired), delayed: 0 }),
        },
      ],
      service: known(now, {
        desired: this.desired,
        running: this.desired,
        pending: 0,
        deploymentInProgress: false,
        failedStarts: 0,
      }),
      work: known(now, {
        started: served,
        late: 0,
        completed: served,
        failed: 0,
        busySlotSeconds: served * 6,
        serviceSeconds: served * 6,
      }),
      signals: {
        cpu: signal(load),
        memory: signal(50),
        spentUsd: signal(100),
        forecastUsd: signal(300),
        sharedSpentUsd: signal(900),
        sharedForecastUsd: signal(3000),
      },
    };
  }

  run(days: number, everySeconds: number): void {
    const from = this.#state.hot.lastTickAt || t0;
    for (let now = from + everySeconds, i = 0; now < from + days * 86_400; now += everySeconds, i += 1) {
      const observation = this.observe(now, everySeconds);
      const decision = decide(observation, everything, this.#state);
      this.#state = decision.state;
      this.state = this.#state;
      this.desired = decision.desired;
      if (i % 97 === 0) this.worstBytes = Math.max(this.worstBytes, JSON.stringify(this.#state.learnt).length);
    }
    this.worstGzipBytes = gzipSync(JSON.stringify(this.#state.learnt)).length;
  }
}

describe('what a decision remembers with everything on', () => {
  it('at most 8 KB of state after 30 days', () => {
    const days = new Days();
    days.run(30, 60);
    console.log(`learnt state: ${days.worstBytes} B at most, ${days.worstGzipBytes} B packed`);
    expect(days.worstBytes).toBeLessThanOrEqual(8192);
  }, 60_000);
});
