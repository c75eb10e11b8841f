import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slo } from '../../../lib/decide/policies/slo.ts';
import { initialStartDelay, observeStarts } from '../../../lib/forecast/start-delay.ts';
import { known, type Observation, unknown, type WorkReport } from '../../../lib/model/observation.ts';
import type { Settings } from '../../../lib/model/plan.ts';
import type { SloPolicy } from '../../../lib/model/policy.ts';
import type { Json, StartDelay } from '../../../lib/model/state.ts';
import { settingsWith } from '../service.ts';

const start = 1_795_255_200;
const jobs = { name: 'convert', percent: 99, startWithinSeconds: 60, fifo: false };
const settingsFor = (changes: Partial<Settings> = {}): Settings =>
  settingsWith({ policy: { type: 'slo' }, tasks: { min: 0, max: 100_000 }, ...changes });

interface Tick {
  readonly visible: number;
  readonly inFlight: number;
  readonly desired: number;
  readonly running: number;
  readonly work?: WorkReport;
}
const observe = (tick: Tick, now: number, settings: Settings): Observation => ({
  now,
  queues: settings.queues.map(({ name }, i) => ({
    name,
    counts: known(now, {
      visible: i === 0 ? tick.visible : 0,
      inFlight: i === 0 ? tick.inFlight : 0,
      delayed: 0,
    }),
  })),
  service: known(now, {
    desired: tick.desired,
    running: tick.running,
    pending: Math.max(0, tick.desired - tick.running),
    deploymentInProgress: false,
    failedStarts: 0,
  }),
  work: tick.work ? known(now, tick.work) : unknown('hidden'),
  signals: {},
});

/** Lives through the ticks and answers with the last proposal. */
const live = (ticks: readonly Tick[], settings = settingsFor(), policy: SloPolicy = { type: 'slo' }) => {
  let memory: Json | undefined;
  let startDelay: StartDelay = initialStartDelay();
  let text = '';
  let desired = 0;
  ticks.forEach((tick, i) => {
    const now = start + i * settings.tickSeconds;
    startDelay = observeStarts(startDelay, now, settings.tickSeconds, tick.desired, tick.running);
    const observation = observe(tick, now, settings);
    const output = slo(policy, { observation, settings, current: tick.desired, memory }, startDelay);
    if (output.proposal.kind !== 'count') throw new Error(output.proposal.text);
    memory = output.memory;
    text = output.proposal.text;
    desired = output.proposal.desired;
  });
  return { desired, text, memory, bytes: JSON.stringify(memory).length };
};
const times = <T>(count: number, what: T): readonly T[] => Array.from({ length: count }, () => what);
const idle: Tick = { visible: 0, inFlight: 0, desired: 0, running: 0 };

describe('slo, told as moments', () => {
  it('nothing to do and no task: stays at zero', () => {
    expect(live(times(20, idle)).desired).toBe(0);
  });

  it('jobs arrive at an empty fleet: starts at once when a start takes most of the promise', () => {
    expect(live([...times(20, idle), { ...idle, visible: 30 }]).desired).toBeGreaterThan(3);
  });

  it('waits with a start while the promise leaves time, and starts before it is too late', () => {
    const settings = settingsFor({ queues: [{ ...jobs, startWithinSeconds: 300 }] });
    const waiting = { ...idle, visible: 2 };
    const after = (seconds: number) => live([...times(20, idle), ...times(seconds / 10, waiting)], settings).desired;
    expect([50, 100, 150].map(after)).toEqual([0, 0, 0]);
    expect(after(260)).toBeGreaterThan(0);
  });

  it('a large backlog with a generous promise starts early, with fewer tasks than one per job', () => {
    const settings = settingsFor({ queues: [{ ...jobs, startWithinSeconds: 300 }] });
    const { desired, text } = live([...times(20, idle), { ...idle, visible: 400 }], settings);
    expect(desired).toBeGreaterThan(5);
    expect(desired).toBeLessThan(60);
    expect(text).toContain('keeps');
  });

  it('lets idle tasks go', () => {
    const busy = { visible: 0, inFlight: 20, desired: 20, running: 20 };
    const quiet = { ...busy, inFlight: 0 };
    expect(live([...times(5, busy), ...times(20, quiet)]).desired).toBe(0);
  });

  it('does not cancel what it has just started for jobs that wait, only what the burst would have needed had it gone on', () => {
    const settings = settingsFor({ queues: [{ ...jobs, startWithinSeconds: 30 }] });
    const burst = [...times(20, idle), { ...idle, visible: 30 }];
    const asked = live(burst, settings).desired;
    const after = live([...burst, ...times(2, { ...idle, visible: 30, desired: asked })], settings).desired;
    expect(after).toBeGreaterThanOrEqual(30);
    expect(after).toBeGreaterThanOrEqual(0.75 * asked);
  });

  it('does not take a job for waiting that has just ended together with its task', () => {
    const work = { started: 0, late: 0, completed: 0, failed: 0, busySlotSeconds: 20 };
    const running = { visible: 0, inFlight: 2, desired: 0, running: 2, work };
    const settings = settingsFor({ queues: [{ ...jobs, startWithinSeconds: 300 }] });
    expect(live([...times(20, running), { ...running, running: 1 }], settings).desired).toBe(0);
  });

  it('a change that costs more than the rest idles is not made', () => {
    const busy = { visible: 0, inFlight: 20, desired: 20, running: 20 };
    const history = [...times(5, busy), { ...busy, inFlight: 0 }];
    const withCost = (changeCostSeconds: number) =>
      live(history, settingsFor(), { type: 'slo', changeCostSeconds }).desired;
    expect(withCost(0)).toBeLessThan(20);
    expect(withCost(1000)).toBe(20);
  });

  it('a declared event finds its tasks ready, and is let go when it does not come', () => {
    const work = { started: 10, late: 0, completed: 10, failed: 0, busySlotSeconds: 100 };
    const steady: Tick = { visible: 0, inFlight: 10, desired: 12, running: 12, work };
    const settings = settingsFor({ events: [{ at: start + 600, forSeconds: 3600, factor: 5 }] });
    const inSeconds = (seconds: number) => live(times(60 + seconds / 10 + 1, steady), settings);
    expect(inSeconds(-400).desired).toBeLessThan(20);
    expect(inSeconds(-100).desired).toBeGreaterThanOrEqual(50);
    expect(inSeconds(-100).text).toContain('event that was declared');
    expect(inSeconds(0).desired).toBeGreaterThanOrEqual(12);
    expect(inSeconds(300).desired).toBeLessThan(20);
  });

  it('an event with a number of its own prepares an empty service', () => {
    const settings = settingsFor({ events: [{ at: start + 600, forSeconds: 3600, jobsPerMinute: 300 }] });
    const inSeconds = (seconds: number) => live(times(60 + seconds / 10 + 1, idle), settings).desired;
    expect(inSeconds(-300)).toBe(0);
    // 5 jobs a second of 10 s, as is believed before the first one.
    expect(inSeconds(-100)).toBeGreaterThanOrEqual(50);
    expect(inSeconds(-100)).toBeLessThan(70);
    expect(inSeconds(300)).toBe(0);
  });

  it('works off what is overdue within the time that is set', () => {
    const stopped = Array.from({ length: 100 }, (_, i) => ({ ...idle, visible: 20 * i }));
    const counted = (policy: SloPolicy) => live([...times(20, idle), ...stopped], settingsFor(), policy).desired;
    const [usual, slow] = [counted({ type: 'slo' }), counted({ type: 'slo', catchUpSeconds: 3600 })];
    expect(usual).toBeGreaterThan(200);
    expect(slow).toBeLessThan(usual / 2);
    expect(slow).toBeGreaterThan(20);
  });

  it('keeps busy tasks', () => {
    const busy = { visible: 0, inFlight: 20, desired: 20, running: 20 };
    expect(live(times(30, busy)).desired).toBe(20);
  });

  it('does not fall for one false zero of the counter', () => {
    const backlog = { visible: 500, inFlight: 20, desired: 20, running: 20 };
    const before = live(times(10, backlog)).desired;
    expect(live([...times(10, backlog), { ...backlog, visible: 0 }]).desired).toBeGreaterThanOrEqual(before * 0.9);
  });

  it('says in advance when jobs will be late whatever it does', () => {
    const { text } = live(
      [...times(20, idle), { ...idle, visible: 500 }],
      settingsFor({ queues: [{ ...jobs, startWithinSeconds: 20 }] }),
    );
    expect(text).toMatch(/will be late whatever is started now: a start takes about \d+ s/);
  });

  it('several slots a task need fewer tasks', () => {
    const burst = [...times(20, idle), { ...idle, visible: 200 }];
    const four = settingsFor({ worker: { ...settingsFor().worker, concurrency: 4 } });
    expect(live(burst, four).desired).toBeLessThan(0.5 * live(burst).desired);
  });

  it('a class with a tighter deadline on the same fleet asks for more', () => {
    const burst = [...times(20, idle), { ...idle, visible: 100 }];
    const classes = (seconds: number) =>
      settingsFor({
        queues: [
          { ...jobs, startWithinSeconds: seconds },
          { ...jobs, name: 'relaxed', startWithinSeconds: 3600 },
        ],
      });
    expect(live(burst, classes(3600)).desired).toBeLessThan(live(burst, classes(60)).desired);
  });

  it('a queue that is not known makes the proposal unknown and keeps the memory', () => {
    const settings = settingsFor();
    const observation = { ...observe(idle, start, settings), queues: [{ name: 'convert', counts: unknown('stale') }] };
    const memory = live([idle]).memory;
    const output = slo({ type: 'slo' }, { observation, settings, current: 3, memory }, initialStartDelay());
    expect(output.proposal).toMatchObject({ kind: 'unknown', code: 'queueUnknown' });
    expect(output.memory).toEqual(memory);
  });
});

const load = fc.record({
  visible: fc.integer({ min: 0, max: 3000 }),
  inFlight: fc.integer({ min: 0, max: 300 }),
  desired: fc.integer({ min: 0, max: 300 }),
  running: fc.integer({ min: 0, max: 300 }),
});
const reported = fc.record({
  started: fc.integer({ min: 0, max: 500 }),
  late: fc.integer({ min: 0, max: 50 }),
  completed: fc.integer({ min: 0, max: 500 }),
  failed: fc.constant(0),
  busySlotSeconds: fc.double({ min: 0, max: 3000, noNaN: true }),
});
const tick = fc.tuple(load, fc.option(reported, { nil: undefined })).map(
  ([counts, work]): Tick => ({
    ...counts,
    ...(work && { work }),
  }),
);
const settingsArbitrary = fc
  .record({
    startWithinSeconds: fc.constantFrom(10, 30, 60, 300, 3600),
    tickSeconds: fc.constantFrom(1, 2, 10, 60),
    concurrency: fc.constantFrom(1, 4),
  })
  .map(({ startWithinSeconds, tickSeconds, concurrency }) =>
    settingsFor({
      tickSeconds,
      queues: [{ ...jobs, startWithinSeconds }],
      worker: { ...settingsFor().worker, concurrency },
    }),
  );

describe('laws of slo', () => {
  it('a whole, finite count of 0 or more, with a sentence', () => {
    fc.assert(
      fc.property(fc.array(tick, { minLength: 1, maxLength: 12 }), settingsArbitrary, (ticks, settings) => {
        const { desired, text } = live(ticks, settings);
        expect(Number.isInteger(desired) && desired >= 0).toBe(true);
        expect(text).toMatch(/^.+\.$/);
        expect(text).not.toMatch(/NaN|undefined|Infinity/);
      }),
      { numRuns: 150 },
    );
  });

  it('wild counters stay counters', () => {
    for (const wild of [-5, 1e-12, 1e12, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY, Number.NaN]) {
      const settings = settingsFor({ tasks: { min: 0, max: 500 } });
      const { desired } = live(times(3, { visible: wild, inFlight: wild, desired: 5, running: 5 }), settings);
      expect(Number.isInteger(desired) && desired >= 0 && desired <= 500).toBe(true);
    }
  });

  it('an impossible promise never asks for more than one slot a job, after the backlog has doubled too', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), (visible) => {
        const settings = settingsFor({ queues: [{ ...jobs, startWithinSeconds: 1 }] });
        const once = times(120, { ...idle, visible });
        const doubled = [...once, ...times(120, { ...idle, visible: 2 * visible })];
        expect(live(once, settings).desired).toBeLessThanOrEqual(visible + 1);
        expect(live(doubled, settings).desired).toBeLessThanOrEqual(2 * visible + 1);
      }),
      { numRuns: 20 },
    );
  });

  it('remembers at most 6 KB after 5,000 ticks of anything', () => {
    fc.assert(
      fc.property(fc.array(tick, { minLength: 50, maxLength: 50 }), fc.constantFrom(1, 4), (ticks, queues) => {
        const settings = settingsFor({
          queues: Array.from({ length: queues }, (_, i) => ({ ...jobs, name: i === 0 ? 'convert' : `q${i}` })),
        });
        const many = Array.from({ length: 100 }, () => ticks).flat();
        expect(live(many, settings).bytes).toBeLessThan(6000);
      }),
      { numRuns: 2 },
    );
  });

  it('without reports learns the run time from what is deleted, and wants more for longer jobs', () => {
    const wantedWith = (deletesPerSecond: number | undefined) => {
      const settings = settingsFor({ reports: false });
      let memory: Json | undefined;
      let desired = 0;
      for (let i = 0; i < 180; i++) {
        const now = start + 10 * i;
        const tick = { visible: i < 170 ? 0 : 40, inFlight: 4, desired: 4, running: 4 };
        const signals = deletesPerSecond === undefined ? {} : { completionsPerSecond: known(now, deletesPerSecond) };
        const observation = { ...observe(tick, now, settings), signals };
        const output = slo({ type: 'slo' }, { observation, settings, current: 4, memory }, initialStartDelay());
        if (output.proposal.kind !== 'count') throw new Error(output.proposal.text);
        memory = output.memory;
        desired = output.proposal.desired;
      }
      return desired;
    };
    // Four in flight: two deletes a second are jobs of 2 s, one in 15 s jobs of a minute.
    expect(wantedWith(1 / 15)).toBeGreaterThan(wantedWith(undefined));
    expect(wantedWith(2)).toBeLessThan(wantedWith(undefined));
  });

  it('survives a memory that is not its own', () => {
    const settings = settingsFor();
    for (const memory of [
      null,
      'x',
      7,
      [],
      {},
      { at: 'x' },
      { at: 1, needs: [], idledSeconds: 0, queues: [{}] },
    ] as const) {
      const observation = observe({ ...idle, visible: 30 }, start, settings);
      const { proposal } = slo({ type: 'slo' }, { observation, settings, current: 0, memory }, initialStartDelay());
      expect(proposal.kind).toBe('count');
    }
  });
});
