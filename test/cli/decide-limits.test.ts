import { expect, test } from 'vitest';
import { createSession } from '../../lib/cli/decide/session.ts';
import { parseConfig } from '../../lib/config/parse-config.ts';

const init = JSON.stringify({ type: 'init', startEpoch: 1_763_712_000, tickS: 10 });
const service = (change: object) => ({
  worker: { image: 'x:1', cpu: 512, memoryMiB: 1024 },
  tasks: { min: 0, max: 50 },
  policy: { type: 'targetTracking', signals: [{ signal: 'queueDepth', perTask: 10 }] },
  behavior: { scaleOut: { stabilizationSeconds: 0, policies: [] }, scaleIn: { stabilizationSeconds: 0 } },
  ...change,
});
const sessionOf = (config: object, options: { service?: string; explain?: boolean } = {}) => {
  const parsed = parseConfig(config);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const session = createSession({ plans: parsed.plans, explain: false, ...options });
  session.answer(init);
  return (line: object) => JSON.parse(String(session.answer(JSON.stringify({ type: 'tick', ...line }))));
};
const seen = (visible: number, desired: number, more: object = {}) => ({
  queue: { visible, inFlight: 0, delayed: 0 },
  service: { desired, running: desired, pending: 0 },
  ...more,
});

test('services of one config share a limit by priority, and give way when the room is free', () => {
  const config = {
    limits: { db: { total: 500 } },
    services: {
      low: service({ priority: 'low', uses: { db: 20 } }),
      top: service({ priority: 'critical', uses: { db: 20 } }),
      free: service({}),
    },
  };
  const tick = sessionOf(config);
  const at = (t: number, low: number, top: number) =>
    tick({ t, services: { low: seen(300, low), top: seen(100, top), free: seen(400, 1) } }).desired;
  expect(at(0, 1, 1)).toEqual({ low: 15, top: 10, free: 40 });
  // The low one has it all, from elsewhere: it shrinks first, and what it leaves goes to the critical one.
  const again = sessionOf(config);
  const turn = (t: number, low: number, top: number) =>
    again({ t, services: { low: seen(300, low), top: seen(100, top), free: seen(0, 1) } }).desired;
  expect(turn(0, 25, 0)).toMatchObject({ low: 15, top: 0 });
  expect(turn(10, 15, 0)).toMatchObject({ low: 15, top: 10 });
});

test('explains which limit, what it would have been and who holds it', () => {
  const config = {
    limits: { db: { total: 100 } },
    services: { a: service({ uses: { db: 20 } }), b: service({ uses: { db: 20 }, priority: 'high' }) },
  };
  const tick = sessionOf(config, { explain: true });
  const answer = tick({ t: 0, services: { a: seen(90, 1), b: seen(40, 4) } });
  expect(answer.desired).toEqual({ a: 1, b: 4 });
  expect(answer.explain.a.at(-1)).toMatchObject({ stage: 'allocate', to: 1 });
  expect(answer.explain.a.at(-1).text).toMatch(/"db".*would have been 5.*b 4/);
  expect(answer.alerts.a.map(({ code }: { code: string }) => code)).toContain('limitShort');
});

test('one service by itself is bound by what the limit allows it', () => {
  const config = {
    limits: { db: { total: 500 }, redis: { total: 200 } },
    services: { convert: service({ tasks: { min: 5, max: 50 }, uses: { db: 20, redis: 10 } }) },
  };
  const tick = sessionOf(config, { service: 'convert' });
  expect(tick({ t: 0, ...seen(400, 5) }).desired).toBe(20);
});

test('the vCPU quota of the account binds all services by their task size', () => {
  const config = {
    limits: { vcpu: { total: 6 } },
    services: { a: service({}), b: service({ worker: { image: 'x:1', cpu: 1024, memoryMiB: 2048 } }) },
  };
  const tick = sessionOf(config);
  expect(tick({ t: 0, services: { a: seen(40, 0), b: seen(40, 0) } }).desired).toEqual({ a: 4, b: 4 });
  expect(tick({ t: 10, services: { a: seen(90, 4), b: seen(40, 4) } }).desired).toEqual({ a: 4, b: 4 });
});

test('budgets, flap budgets and message groups are driven from outside by signals', () => {
  const config = {
    services: {
      convert: service({
        queue: { name: 'convert.fifo' },
        budget: { usdPerMonth: 100, at80: 'warn', at95: 'hold', at100: 'min' },
      }),
    },
  };
  const tick = sessionOf(config, { service: 'convert' });
  const line = (t: number, desired: number, signals: Record<string, number>) => ({
    t,
    ...seen(300, desired),
    signals: Object.fromEntries(Object.entries(signals).map(([name, value]) => [name, { value, at: t }])),
  });
  expect(tick(line(0, 2, { activeGroups: 7 })).desired).toBe(7);
  expect(tick(line(10, 7, { spentUsd: 96 })).desired).toBe(7);
  expect(tick(line(20, 7, { spentUsd: 100 })).desired).toBe(0);
});
