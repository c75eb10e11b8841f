import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rolloutFinding, unexplainedFinding } from '../../../lib/decide/alerts/fleet-findings.ts';
import { type Finding, lasting } from '../../../lib/decide/alerts/lasting.ts';
import { loadFindings } from '../../../lib/decide/alerts/load-findings.ts';
import { promiseFindings } from '../../../lib/decide/alerts/promise-findings.ts';
import { addWork, emptyTally, inHours, inMinutes } from '../../../lib/decide/alerts/work-tally.ts';
import { initialStartDelay } from '../../../lib/forecast/start-delay.ts';
import { usualAlertNumbers } from '../../../lib/model/alert-numbers.ts';
import { unknown, type WorkReport } from '../../../lib/model/observation.ts';
import type { Settings } from '../../../lib/model/plan.ts';
import { readyShare } from '../../../lib/model/rollout-health.ts';
import { observationOf, settingsWith } from '../service.ts';

const t0 = 1_763_712_000;
const load = (seen: Parameters<typeof observationOf>[0]) =>
  loadFindings('convert', observationOf(seen), usualAlertNumbers);
const severityOf = (findings: readonly Finding[], code: string) =>
  findings.find((one) => one.code === code)?.found?.severity;

describe('load', () => {
  it.each([
    ['cpu', 'cpuHigh', 80, undefined],
    ['cpu', 'cpuHigh', 80.1, 'warning'],
    ['cpu', 'cpuHigh', 90, 'warning'],
    ['cpu', 'cpuHigh', 90.1, 'critical'],
    ['memory', 'memoryHigh', 95, undefined],
    ['memory', 'memoryHigh', 95.1, 'critical'],
    ['latencyMs', 'slowResponses', 10_000, undefined],
    ['latencyMs', 'slowResponses', 10_001, 'warning'],
    ['deadLetters', 'deadLetters', 0, undefined],
    ['deadLetters', 'deadLetters', 1, 'warning'],
  ])('%s: %s at %s is %s', (signal, code, value, severity) => {
    expect(severityOf(load({ now: t0, signals: { [signal]: value } }), code)).toBe(severity);
  });

  it.each([
    [5000, undefined],
    [5001, 'warning'],
  ])('%s jobs that wait are %s', (visible, severity) => {
    expect(severityOf(load({ now: t0, queue: { visible } }), 'queueLong')).toBe(severity);
  });

  it('what is unknown is no alert and cannot be judged; what nobody reads is none', () => {
    const observation = { ...observationOf({ now: t0, queue: 'unknown' }), signals: { cpu: unknown('stale') } };
    const findings = loadFindings('convert', observation, usualAlertNumbers);
    expect(findings.filter(({ judged }) => !judged).map(({ code }) => code)).toEqual(['cpuHigh', 'queueLong']);
    expect(findings.filter(({ found }) => found !== undefined)).toEqual([]);
  });

  it('numbers of one’s own hold', () => {
    const numbers = { ...usualAlertNumbers, cpuWarning: 50, queueDepth: 10 };
    const findings = loadFindings(
      'convert',
      observationOf({ now: t0, queue: { visible: 11 }, signals: { cpu: 51 } }),
      numbers,
    );
    expect([severityOf(findings, 'cpuHigh'), severityOf(findings, 'queueLong')]).toEqual(['warning', 'warning']);
    expect(findings.find(({ code }) => code === 'queueLong')?.found?.text).toBe(
      '11 jobs of convert wait: more than 10.',
    );
  });

  it('law: more load is never less grave', () => {
    const rank = { none: 0, info: 1, warning: 2, critical: 3 };
    const signal = fc.constantFrom('cpu', 'memory', 'latencyMs', 'deadLetters');
    fc.assert(
      fc.property(
        signal,
        fc.double({ min: 0, max: 2e4, noNaN: true }),
        fc.double({ min: 0, max: 2e4, noNaN: true }),
        (name, a, b) => {
          const gravest = (value: number) =>
            Math.max(
              ...load({ now: t0, signals: { [name]: value } }).map(({ found }) => rank[found?.severity ?? 'none']),
            );
          expect(gravest(Math.max(a, b))).toBeGreaterThanOrEqual(gravest(Math.min(a, b)));
        },
      ),
    );
  });
});

const work = (started: number, late: number, runSeconds = 10): WorkReport => ({
  started,
  late,
  completed: started,
  failed: 0,
  busySlotSeconds: started * runSeconds,
  serviceSeconds: started * runSeconds,
});
/** Reports at these seconds before now. */
const tallyOf = (...reports: readonly (readonly [ago: number, report: WorkReport])[]) =>
  reports.toSorted(([a], [b]) => b - a).reduce((tally, [ago, report]) => addWork(tally, report, t0 - ago), emptyTally);

describe('the tally', () => {
  it('keeps an hour of stretches and a day of hours, and forgets the rest', () => {
    let tally = emptyTally;
    for (let at = t0 - 200_000; at <= t0; at += 10) tally = addWork(tally, work(1, 0), at);
    expect(tally.minutes.length).toBeLessThanOrEqual(14);
    expect(tally.hours.length).toBeLessThanOrEqual(26);
    expect(inHours(tally, 86_400, t0).started).toBeGreaterThanOrEqual(8640);
    expect(JSON.stringify(tally).length).toBeLessThan(1500);
    expect(addWork(tally, undefined, t0 + 100_000)).toEqual(emptyTally);
  });

  it('law: within an hour nothing is lost and nothing is counted twice', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.nat(50), fc.nat(50))), (rows) => {
        const tally = tallyOf(...rows.map(([ago, a, b]) => [ago, work(a + b, b)] as const));
        const sums = inMinutes(tally, 3600, t0);
        expect(sums.started).toBe(rows.reduce((sum, [, a, b]) => sum + a + b, 0));
        expect(sums.late).toBe(rows.reduce((sum, [, , b]) => sum + b, 0));
      }),
    );
  });
});

describe('the promise: 99 % within 60 s', () => {
  const findings = (
    tally: ReturnType<typeof tallyOf>,
    seen: Partial<Parameters<typeof observationOf>[0]> = {},
    { desired = 2, most = 50, settings = {} as Partial<Settings> } = {},
  ) =>
    promiseFindings(
      settingsWith(settings),
      observationOf({ now: t0, work: work(0, 0), ...seen }),
      tally,
      { desired, most },
      t0,
    );

  it.each([
    // 10 s a job, 2 tasks of 1 slot: 12 jobs take 60 s.
    [12, {}, undefined],
    [13, {}, 'warning'],
    [13, { most: 2 }, 'critical'],
    [13, { desired: 3 }, undefined],
  ])('%s jobs wait, %j: at risk %s', (visible, fleet, severity) => {
    expect(severityOf(findings(tallyOf([100, work(10, 0)]), { queue: { visible } }, fleet), 'sloAtRisk')).toBe(
      severity,
    );
  });

  it('a relaxed queue behind an urgent one has its own promise', () => {
    const queues = [
      { name: 'slow', percent: 95, startWithinSeconds: 3600, fifo: false },
      { name: 'convert', percent: 99, startWithinSeconds: 60, fifo: false },
    ];
    const observation = observationOf({ now: t0, work: work(0, 0), queue: { visible: 10 } });
    const both = (slow: number) => ({
      ...observation,
      queues: [
        ...observation.queues,
        { name: 'slow', counts: { known: true as const, at: t0, value: { visible: slow, inFlight: 0, delayed: 0 } } },
      ],
    });
    const of = (slow: number) =>
      severityOf(
        promiseFindings(settingsWith({ queues }), both(slow), tallyOf([60, work(10, 0)]), { desired: 2, most: 50 }, t0),
        'sloAtRisk',
      );
    expect([of(700), of(720)]).toEqual([undefined, 'warning']);
  });

  it('without run times or counts nobody can tell', () => {
    const blind = findings(emptyTally, { queue: { visible: 1000 } });
    expect(severityOf(blind, 'sloAtRisk')).toBeUndefined();
    expect(blind.find(({ code }) => code === 'sloAtRisk')?.judged).toBe(false);
    const found = findings(tallyOf([60, work(10, 0)]), { queue: 'unknown' });
    expect(found.find(({ code }) => code === 'sloAtRisk')).toMatchObject({ judged: false });
    const aged = (age: number) => severityOf(findings(emptyTally, { signals: { oldestAgeSeconds: age } }), 'sloAtRisk');
    expect([aged(60), aged(61)]).toEqual([undefined, 'warning']);
    const prior = findings(emptyTally, { queue: { visible: 1000 } }, { settings: { priors: { serviceSeconds: 10 } } });
    expect(severityOf(prior, 'sloAtRisk')).toBe('warning');
  });

  it.each([
    ['within the budget', [[7200, work(10_000, 100)]], undefined],
    ['above it over the day', [[7200, work(10_000, 101)]], 'warning'],
    ['above it, long ago', [[100_000, work(10_000, 900)]], undefined],
    ['few jobs, few late ones', [[7200, work(10, 4)]], undefined],
    [
      '14.4 times the share over the hour, and now',
      [
        [1800, work(1000, 140)],
        [60, work(100, 20)],
      ],
      'critical',
    ],
    [
      '14.4 times the share over the hour, and over',
      [
        [1800, work(1000, 170)],
        [60, work(100, 0)],
      ],
      'warning',
    ],
  ] as const)('error budget %s', (_, reports, severity) => {
    expect(severityOf(findings(tallyOf(...reports)), 'errorBudgetBurnt')).toBe(severity);
  });

  it('reports that are missing neither raise it nor end it', () => {
    const observation = observationOf({ now: t0 });
    const [, budget] = promiseFindings(
      settingsWith(),
      observation,
      tallyOf([60, work(100, 90)]),
      { desired: 2, most: 50 },
      t0,
    );
    expect(budget).toMatchObject({ code: 'errorBudgetBurnt', judged: false });
    expect(budget).not.toHaveProperty('found');
  });

  it('a service without a queue promises nothing', () => {
    expect(findings(emptyTally, {}, { settings: { queues: [] } })).toEqual([]);
  });
});

describe('the fleet', () => {
  it.each([
    [8, 10, undefined],
    [7, 10, 'warning'],
    [0, 1, 'critical'],
    [0, 0, undefined],
    [12, 10, undefined],
  ])('%s of %s ready: %s', (running, desired, severity) => {
    const service = { desired, running, pending: 0, deploymentInProgress: false, failedStarts: 0 };
    const finding = rolloutFinding('convert', service, initialStartDelay(), 80);
    expect(finding.found?.severity).toBe(severity);
    expect(finding.forSeconds).toBe(300);
    expect(readyShare(service)).toBeLessThanOrEqual(100);
  });

  it('slow images get more patience', () => {
    const service = { desired: 1, running: 0, pending: 1, deploymentInProgress: false, failedStarts: 0 };
    expect(rolloutFinding('convert', service, initialStartDelay(200, 400), 80).forSeconds).toBeGreaterThan(1100);
  });

  it.each([
    [10, 8, 0, undefined],
    [11, 8, 0, 'warning'],
    [11, 8, 9, undefined],
    [11, undefined, 0, undefined],
  ])('%s tasks, %s explained, floor %s: %s', (desired, explained, min, severity) => {
    const settings = settingsWith({ policy: { type: 'slo' }, tasks: { min, max: 50 } });
    const finding = unexplainedFinding(settings, desired, explained);
    expect(finding.found?.severity).toBe(severity);
    expect(finding.judged).toBe(explained !== undefined);
  });
});

describe('what must last', () => {
  const finding = (state: 'holds' | 'free' | 'unknown', forSeconds = 60): Finding => ({
    code: 'a',
    forSeconds,
    judged: state !== 'unknown',
    ...(state === 'holds' && { found: { severity: 'warning', text: 'a' } }),
  });

  it('law: it is an alert exactly while it has held for so long, unknown instants aside', () => {
    const states = fc.array(fc.constantFrom('holds' as const, 'free' as const, 'unknown' as const), { maxLength: 40 });
    fc.assert(
      fc.property(states, fc.nat(90), (sequence, forSeconds) => {
        let since = {};
        let began: number | undefined;
        sequence.forEach((state, i) => {
          const now = t0 + 10 * i;
          const result = lasting([finding(state, forSeconds)], since, now);
          since = result.since;
          if (state === 'free') began = undefined;
          if (state === 'holds') began ??= now;
          expect(result.alerts.length === 1).toBe(state === 'holds' && now - (began ?? now) >= forSeconds);
          expect(result.unjudged).toEqual(state === 'unknown' && began !== undefined ? ['a'] : []);
        });
      }),
    );
  });
});
