import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { type Answered, allowedLoad, overload, type Percentiles, percentiles } from './load.ts';
import { createBenchServer } from './server.ts';

/**
 *     npx -c 'node bench/job-api/main.ts [--seconds 20] [--call-ms 5] [--json]'
 *
 * Goal: the job API at 100 requests a second with a simulated 5 ms for each DynamoDB call: submit p95 below 100 ms, status
 * below 50, health below 10; p99 of submit and status against a bare put and get through the same server; and at three
 * times the allowed rate 429, with what is still accepted within twice its own p99.
 * Method: the handlers as Lambda calls them, behind Node's HTTP server, on dynalite in a process of its own. Requests go
 * out at their time whether the ones before have been answered or not, so a stall is counted as what it is.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    'call-ms': { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const callMs = Number(values['call-ms']);

const emulator = fork(new URL('./dynamodb.ts', import.meta.url), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
const [endpoint] = (await once(emulator, 'message')) as [string];
const bench = await createBenchServer(endpoint, callMs);
const server = createServer(bench.serve).listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
try {
  await allowedLoad(url, bench.key, 3);
  const calm = await allowedLoad(url, bench.key, seconds);
  const pressed = await overload(url, bench.otherKey, seconds / 2);
  report(calm, pressed);
} finally {
  server.closeAllConnections();
  server.close();
  bench.close();
  emulator.kill();
}

function report(calm: readonly Answered[], pressed: readonly Answered[]): void {
  const of = (kind: Answered['kind']): Percentiles =>
    percentiles(calm.filter((answer) => answer.kind === kind && answer.status < 300).map(({ ms }) => ms));
  const [submit, status, health, put, get] = [of('submit'), of('status'), of('health'), of('put'), of('get')];
  const accepted = pressed.filter((answer) => answer.status < 300);
  const refused = pressed.filter((answer) => answer.status === 429);
  const underPressure = percentiles(accepted.map(({ ms }) => ms));
  const result = {
    callMs,
    seconds,
    submit,
    status,
    health,
    barePut: put,
    bareGet: get,
    ratios: { submitToPutP99: submit.p99 / put.p99, statusToGetP99: status.p99 / get.p99 },
    overload: {
      accepted: accepted.length,
      refused: refused.length,
      others: pressed.length - accepted.length - refused.length,
      acceptedMs: underPressure,
      refusedMs: percentiles(refused.map(({ ms }) => ms)),
      timesOwnP99: underPressure.p99 / submit.p99,
    },
    failed: calm.filter((answer) => answer.status >= 300).length,
  };
  if (values.json) console.log(JSON.stringify(result));
  else for (const line of lines(result)) console.log(line);
}

function lines(result: {
  readonly submit: Percentiles;
  readonly status: Percentiles;
  readonly health: Percentiles;
  readonly barePut: Percentiles;
  readonly bareGet: Percentiles;
  readonly ratios: { readonly submitToPutP99: number; readonly statusToGetP99: number };
  readonly overload: {
    readonly accepted: number;
    readonly refused: number;
    readonly others: number;
    readonly acceptedMs: Percentiles;
    readonly refusedMs: Percentiles;
    readonly timesOwnP99: number;
  };
  readonly failed: number;
}): readonly string[] {
  const row = (name: string, { p50, p95, p99 }: Percentiles, goal = ''): string =>
    [name.padEnd(28), ...[p50, p95, p99].map((ms) => ms.toFixed(1).padStart(8)), goal].join(' ');
  const { overload: pressed } = result;
  return [
    `job API, 100 requests a second for ${seconds} s, ${callMs} ms a DynamoDB call (ms)`,
    'request                           p50      p95      p99  goal for p95',
    row('submit', result.submit, ' 100'),
    row('status', result.status, '  50'),
    row('health', result.health, '  10'),
    row('bare put, same server', result.barePut),
    row('bare get, same server', result.bareGet),
    `p99: submit ${result.ratios.submitToPutP99.toFixed(2)} × a put, status ${result.ratios.statusToGetP99.toFixed(2)} × a get; ${result.failed} requests failed`,
    `at 3 × the allowed rate: ${pressed.accepted} accepted, ${pressed.refused} refused with 429, ${pressed.others} others`,
    row('accepted', pressed.acceptedMs, ` p99 is ${pressed.timesOwnP99.toFixed(2)} × submit's own (goal 2)`),
    row('refused', pressed.refusedMs),
  ];
}
