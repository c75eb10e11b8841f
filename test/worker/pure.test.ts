import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { waitBinSeconds } from '../../lib/model/hourly-rollup.ts';
import { beatOutcome } from '../../lib/worker/beacon/dynamo-beacon.ts';
import { waitBin } from '../../lib/worker/beacon/wait-bin.ts';
import { addTotals, countEvent, noTotals, type WorkEvent, wholeTotals } from '../../lib/worker/beacon/work-totals.ts';
import { idleWaitSeconds, pollOrder } from '../../lib/worker/queue/poll-order.ts';
import { callRetrySeconds, jobRetrySeconds } from '../../lib/worker/queue/retry-delay.ts';
import { nextServiceEstimate, visibilityPlan } from '../../lib/worker/queue/visibility-plan.ts';
import { marginSeconds } from '../../lib/worker/task/drain.ts';
import { earliestCreation, protectionOutcome } from '../../lib/worker/task/ecs-agent.ts';
import { readWorkerSettings } from '../../lib/worker/worker-settings.ts';

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('retry delays', () => {
  it.each([
    [0, 0.5, 60],
    [1, 0.5, 120],
    [2, 0.5, 240],
    [0, 0, 45],
    [0, 0.999999, 75],
    [20, 0.5, 43_200],
  ])('a job that failed %i times before, with chance %f, comes back after %i s', (failures, chance, seconds) => {
    expect(jobRetrySeconds(failures, 60, () => chance)).toBe(seconds);
  });

  it('stay inside what SQS takes, in whole seconds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2000 }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        share,
        (count, base, chance) => {
          const seconds = jobRetrySeconds(count, base, () => chance);
          expect(Number.isInteger(seconds) && seconds >= 0 && seconds <= 43_200).toBe(true);
        },
      ),
    );
  });

  it('of calls lie between 0 and the cap, and the bound doubles', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), share, (attempt, chance) => {
        const seconds = callRetrySeconds(attempt, () => chance);
        expect(seconds).toBeGreaterThanOrEqual(0);
        expect(seconds).toBeLessThanOrEqual(Math.min(20, 0.2 * 2 ** attempt));
      }),
    );
  });
});

describe('the visibility plan', () => {
  it('leaves room for two failed extensions, and follows the service time within its bounds', () => {
    fc.assert(
      fc.property(fc.option(fc.double({ min: 0, max: 1e5, noNaN: true }), { nil: undefined }), (estimate) => {
        const plan = visibilityPlan(estimate);
        expect(Number.isInteger(plan.timeoutSeconds)).toBe(true);
        expect(plan.timeoutSeconds).toBeGreaterThanOrEqual(30);
        expect(plan.timeoutSeconds).toBeLessThanOrEqual(120);
        expect(plan.extendEverySeconds * 3).toBeCloseTo(plan.timeoutSeconds, 9);
      }),
    );
  });

  it('needs no extension for jobs below 10 s, and one for usual longer ones', () => {
    expect(visibilityPlan(1)).toEqual({ timeoutSeconds: 30, extendEverySeconds: 10 });
    expect(visibilityPlan(40)).toEqual({ timeoutSeconds: 80, extendEverySeconds: 80 / 3 });
  });

  it('learns slowly, and stays between what it measured', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 1 }), (measured) => {
        const estimate = measured.reduce<number | undefined>(nextServiceEstimate, undefined) ?? Number.NaN;
        expect(estimate).toBeGreaterThanOrEqual(Math.min(...measured) - 1e-9);
        expect(estimate).toBeLessThanOrEqual(Math.max(...measured) + 1e-9);
      }),
    );
  });
});

describe('the wait histogram', () => {
  it.each([
    [0, 0],
    [0.5, 0],
    [0.51, 1],
    [10, 4],
    [1800, 11],
    [1800.1, 12],
  ])('a wait of %f s falls into bin %i', (wait, bin) => expect(waitBin(wait)).toBe(bin));

  it('has a bin for every wait, and longer waits never fall into earlier ones', () => {
    const wait = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(wait, wait, (a, b) => {
        expect(waitBin(Math.min(a, b))).toBeLessThanOrEqual(waitBin(Math.max(a, b)));
        expect(waitBin(a)).toBeLessThanOrEqual(waitBinSeconds.length);
      }),
    );
  });
});

describe('work totals', () => {
  const seconds = fc.double({ min: 0, max: 1000, noNaN: true });
  const event: fc.Arbitrary<WorkEvent> = fc.oneof(
    fc.record({
      kind: fc.constant('started' as const),
      queue: fc.constantFrom('a', 'b'),
      waitSeconds: seconds,
      late: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('completed' as const), serviceSeconds: seconds }),
    fc.record({ kind: fc.constant('failed' as const) }),
    fc.record({ kind: fc.constant('busy' as const), slotSeconds: seconds }),
    fc.record({ kind: fc.constant('ready' as const), delaySeconds: seconds }),
  );
  const sumOf = (totals: Readonly<Record<string, number>>, test: (name: string) => boolean): number =>
    Object.entries(totals).reduce((sum, [name, value]) => sum + (test(name) ? value : 0), 0);

  it('every started job is in one bin of one queue', () => {
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const totals = events.reduce(countEvent, noTotals);
        expect(sumOf(totals, (name) => name.startsWith('w_'))).toBe(totals.started ?? 0);
        expect(totals.late ?? 0).toBeLessThanOrEqual(totals.started ?? 0);
      }),
    );
  });

  it('loses nothing by rounding, however the beats cut the time', () => {
    fc.assert(
      fc.property(fc.array(fc.array(event)), (beats) => {
        let sent = noTotals;
        let pending = noTotals;
        for (const events of beats) {
          const { whole, rest } = wholeTotals(events.reduce(countEvent, pending));
          expect(Object.values(whole).every((value) => Number.isInteger(value) && value > 0)).toBe(true);
          sent = addTotals(sent, whole);
          pending = rest;
        }
        const all = beats.flat().reduce(countEvent, noTotals);
        for (const [name, value] of Object.entries(all)) {
          expect((sent[name] ?? 0) + (pending[name] ?? 0)).toBeCloseTo(value, 5);
          expect(pending[name] ?? 0).toBeLessThan(1);
        }
      }),
    );
  });
});

describe('the order of the queues', () => {
  const queues = [30, 5, 600].map((startWithinSeconds) => ({ startWithinSeconds }));

  it('is by urgency, each fourth round begins with another one', () => {
    const first = [0, 1, 2, 3, 4, 7, 8, 11].map((round) => pollOrder(queues, round)[0]?.startWithinSeconds);
    expect(first).toEqual([5, 5, 5, 30, 5, 600, 5, 30]);
  });

  it('always names each queue once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1000 })), fc.nat(100), (promises, round) => {
        const given = promises.map((startWithinSeconds) => ({ startWithinSeconds }));
        expect(new Set(pollOrder(given, round))).toEqual(new Set(given));
      }),
    );
  });

  it.each([
    [[60], 20],
    [[60, 600], 15],
    [[60, 600, 600], 7],
    [[2, 600], 1],
    [[3600, 3600], 20],
  ])('with promises of %j s an idle poll waits %i s', (promises, seconds) => {
    expect(idleWaitSeconds(promises.map((startWithinSeconds) => ({ startWithinSeconds })))).toBe(seconds);
  });
});

it('the drain keeps back between a tenth and half of the stop timeout', () => {
  expect([2, 10, 30, 120].map(marginSeconds)).toEqual([1, 1, 3, 5]);
});

describe('a failed beat', () => {
  it.each([
    [{ name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } }, 'refused'],
    [{ name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } }, 'refused'],
    [{ name: 'Error', code: 'ECONNREFUSED', $metadata: {} }, 'refused'],
    [{ name: 'CredentialsProviderError' }, 'refused'],
    [{ name: 'InternalServerError', $metadata: { httpStatusCode: 500 } }, 'unknown'],
    [{ name: 'TimeoutError', $metadata: {} }, 'unknown'],
    [{ name: 'Error', code: 'ECONNRESET' }, 'unknown'],
    [undefined, 'unknown'],
  ])('%j is %s', (error, outcome) => expect(beatOutcome(error)).toBe(outcome));
});

describe('what the ECS agent says', () => {
  it.each([
    [{ protection: { ProtectionEnabled: true } }, true, { ok: true }],
    [
      { protection: { ProtectionEnabled: false } },
      true,
      { ok: false, because: 'failed', text: 'no protection in the answer' },
    ],
    [
      { failure: { Reason: 'DEPLOYMENT_BLOCKED' } },
      true,
      { ok: false, because: 'blocked', text: 'DEPLOYMENT_BLOCKED' },
    ],
    [
      { error: { Code: 'AccessDeniedException', Message: 'no' } },
      true,
      { ok: false, because: 'failed', text: 'AccessDeniedException: no' },
    ],
  ])('%j', (answer, wanted, outcome) => expect(protectionOutcome(answer, wanted)).toEqual(outcome));

  it('takes the earliest time as the creation, and no time as unknown', () => {
    const task = {
      PullStartedAt: '2026-11-21T10:00:05Z',
      Containers: [{ CreatedAt: '2026-11-21T10:00:20.5Z' }, {}],
    };
    expect(earliestCreation(task)).toBe(Date.UTC(2026, 10, 21, 10, 0, 5) / 1000);
    expect(earliestCreation({})).toBeUndefined();
  });
});

describe('the settings', () => {
  const queues = '[{"name":"jobs","url":"http://q","startWithinSeconds":60,"fifo":false}]';

  it('come from the environment, options win, the rest are defaults', () => {
    const settings = readWorkerSettings(
      { concurrency: 8 },
      { SLUICE_SERVICE: 'convert', SLUICE_QUEUES: queues, SLUICE_CONCURRENCY: '2', SLUICE_BEAT_SECONDS: '2' },
    );
    expect(settings).toEqual({
      service: 'convert',
      queues: JSON.parse(queues),
      concurrency: 8,
      stopTimeoutSeconds: 120,
      beatSeconds: 2,
      signalSeconds: 60,
      retrySeconds: 60,
      retries: 3,
      protectionLingerSeconds: 5,
      protectionExpiryMinutes: 10,
    });
  });

  it.each([
    [{}, /SLUICE_SERVICE: found nothing.*\n.*SLUICE_QUEUES: found nothing/],
    [{ SLUICE_SERVICE: 'a', SLUICE_QUEUES: '[' }, /SLUICE_QUEUES: found "\["; expected a JSON list/],
    [
      { SLUICE_SERVICE: 'a', SLUICE_QUEUES: queues, SLUICE_CONCURRENCY: '0' },
      /SLUICE_CONCURRENCY: found "0"; expected a whole number above 0/,
    ],
    [{ SLUICE_SERVICE: 'a', SLUICE_QUEUES: queues, SLUICE_BEAT_SECONDS: 'ten' }, /SLUICE_BEAT_SECONDS: found "ten"/],
  ])('%j is bad input', (environment, message) => {
    expect(() => readWorkerSettings({}, environment)).toThrow(message);
  });
});
