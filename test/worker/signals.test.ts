import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { startDynamoDb } from '../../lib/local/emulators/start-dynamodb.ts';
import { readSignalWindows } from '../../lib/observe/signal-windows.ts';
import { dynamoSignals } from '../../lib/worker/beacon/dynamo-signals.ts';
import { reportSignals } from '../../lib/worker/beacon/report-signals.ts';
import { createSignalBeacon, type Gauges, windowEnd } from '../../lib/worker/beacon/signal-beacon.ts';
import type { BeatOutcome } from '../../lib/worker/ports.ts';
import type { LifeLine } from '../../lib/worker/worker-log.ts';
import { createVirtualClock } from './virtual-clock.ts';

interface Sent {
  readonly at: number;
  readonly end: number;
  readonly values: Readonly<Record<string, number>>;
}

const startTask = (
  given: { gauges?: Gauges; uniform?: number; outcome?: BeatOutcome; periodSeconds?: number } = {},
) => {
  const clock = createVirtualClock();
  const sent: Sent[] = [];
  const lines: string[] = [];
  const stopping = new AbortController();
  const beacon = createSignalBeacon({
    port: {
      add: async (values, end) => {
        sent.push({ at: clock.now(), end, values });
        return given.outcome ?? 'applied';
      },
    },
    periodSeconds: given.periodSeconds ?? 60,
    gauges: given.gauges ?? {},
    clock,
    uniform: () => given.uniform ?? 0.5,
    log: (event, details) => lines.push(`${event} ${JSON.stringify(details)}`),
  });
  void beacon.run(stopping.signal);
  return { clock, sent, lines, beacon, stop: () => stopping.abort() };
};

describe('custom signals of a task', () => {
  it('are the mean of what came since the last report, and what stops coming is not sent again', async () => {
    const { clock, sent, beacon } = startTask();
    beacon.report('cacheHitPercent', 90);
    beacon.report({ cacheHitPercent: 96, connections: 4 });
    await clock.advance(60);
    expect(sent.map(({ values }) => values)).toEqual([{ cacheHitPercent: 93, connections: 4 }]);
    beacon.report('connections', 5);
    await clock.advance(60);
    await clock.advance(120);
    expect(sent.map(({ values }) => values).slice(1)).toEqual([{ connections: 5 }]);
  });

  it.each([0, 0.3, 0.999])('come once in each window, whatever the task’s place in it (%d)', async (uniform) => {
    const { clock, sent } = startTask({ gauges: { connections: () => 7 }, uniform });
    await clock.advance(600);
    const ends = sent.map(({ end }) => end);
    expect(new Set(ends).size).toBe(ends.length);
    expect(ends.length).toBeGreaterThanOrEqual(9);
    for (const { at, end } of sent) {
      expect(end).toBe(windowEnd(at, 60));
      expect(end - at).toBeGreaterThanOrEqual(0.15 * 60 - 1e-6);
    }
  });

  it('that are no numbers are left out with one line each, and the others go on', async () => {
    const fail = () => {
      throw new Error('no pool');
    };
    const { clock, sent, lines, beacon } = startTask({ gauges: { broken: fail, fine: () => 1 } });
    beacon.report({ nan: Number.NaN, '9 lives': 1, ok: 2 });
    beacon.report('nan', Number.POSITIVE_INFINITY);
    await clock.advance(180);
    expect(sent[0]?.values).toEqual({ ok: 2, fine: 1 });
    expect(lines.map((line) => /"name":"([^"]+)"/.exec(line)?.[1])).toEqual(['nan', '9 lives', 'broken']);
  });

  it('are twenty at most', async () => {
    const { clock, sent, lines, beacon } = startTask();
    beacon.report(Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`s${i}`, i])));
    await clock.advance(60);
    expect(Object.keys(sent[0]?.values ?? {})).toHaveLength(20);
    expect(lines).toHaveLength(5);
  });

  it.each(['refused', 'unknown'] as const)(
    'a write that was %s is not repeated: the next window has newer values',
    async (outcome) => {
      const { clock, sent, lines, beacon } = startTask({ outcome });
      beacon.report('connections', 4);
      await clock.advance(180);
      expect(sent).toHaveLength(1);
      expect(lines[0]).toContain(`signalsDropped {"outcome":"${outcome}"`);
    },
  );

  it('end with the task', async () => {
    const { clock, sent, stop } = startTask({ gauges: { connections: () => 7 } });
    stop();
    await clock.advance(300);
    expect(sent).toEqual([]);
  });
});

describe('the table between tasks and scaler', () => {
  it('adds the tasks up by window, on a real table API', async () => {
    const emulator = await startDynamoDb();
    const client = new DynamoDBClient({
      region: 'us-east-1',
      endpoint: emulator.endpoint,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    try {
      await client.send(
        new CreateTableCommand({
          TableName: 'sluice',
          BillingMode: 'PAY_PER_REQUEST',
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'sk', KeyType: 'RANGE' },
          ],
          AttributeDefinitions: [
            { AttributeName: 'pk', AttributeType: 'S' },
            { AttributeName: 'sk', AttributeType: 'S' },
          ],
        }),
      );
      const port = dynamoSignals(client, 'sluice', 'web');
      const now = 1_795_255_200;
      expect(await port.add({ connections: 3.5, 'cache.hit': 90 }, now - 60, 60)).toBe('applied');
      await port.add({ connections: 4, 'cache.hit': 70 }, now - 60, 60);
      await port.add({ connections: 9 }, now, 60);
      await dynamoSignals(client, 'sluice', 'other').add({ connections: 99 }, now, 60);
      const windows = await readSignalWindows(client, 'sluice', 'web', now, new AbortController().signal);
      expect(windows).toEqual([
        { at: now, periodSeconds: 60, values: { connections: { sum: 9, tasks: 1 } } },
        {
          at: now - 60,
          periodSeconds: 60,
          values: { connections: { sum: 7.5, tasks: 2 }, 'cache.hit': { sum: 160, tasks: 2 } },
        },
      ]);
      expect(await dynamoSignals(client, 'nowhere', 'web').add({ a: 1 }, now, 60)).toBe('refused');
    } finally {
      client.destroy();
      await emulator.stop();
    }
  });
});

describe('reportSignals', () => {
  it('does nothing without a table, and says what is missing with one', () => {
    const lines: LifeLine[] = [];
    const reporter = reportSignals({ environment: {}, log: (line) => void lines.push(line as LifeLine) });
    reporter.report('connections', 3);
    reporter.stop();
    expect(lines).toEqual([]);
    expect(() => reportSignals({ environment: { SLUICE_TABLE: 'sluice' } })).toThrow(
      /SLUICE_SERVICE: found nothing; expected a name. Set SLUICE_SERVICE, or give reportSignals the option `service`/,
    );
    expect(() => reportSignals({ environment: { SLUICE_SIGNAL_SECONDS: '0.5' } })).toThrow(/from 1 to 300/);
  });
});
