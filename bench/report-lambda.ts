import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { toServicePlans } from '../lib/config/parse-config.ts';
import { functionFolder } from '../lib/constructs/code/function-code.ts';
import type { ServiceBinding } from '../lib/model/binding.ts';
import { startFakeAccount } from './report-account/fake-account.ts';

/** One cold start of the report function, from the event to the mail. */
export interface ReportLambdaSpeed {
  readonly services: number;
  readonly weeks: number;
  readonly cpuSeconds: number;
  readonly goalSeconds: number;
  readonly peakMiB: number;
  readonly goalMiB: number;
  readonly wallSeconds: number;
  readonly files: number;
  readonly mailKiB: number;
}

const services = 50;
/** What the function reads: `historyHours`. */
const weeks = 9;
/** Node's heap in a Lambda of 512 MiB: nine tenths, as its runtime sets it. */
const heapMiB = 460;
const at = Date.parse('2026-11-23T06:00:00Z') / 1000;

/** The bundle that is deployed, in a process of its own, on an account that answers over HTTP. */
export const benchReportLambda = async (): Promise<ReportLambdaSpeed> => {
  const account = await startFakeAccount(bindings(), at);
  try {
    const started = performance.now();
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [`--max-old-space-size=${heapMiB}`, '--input-type=module', '-e', program],
      { env: environment(account.endpoint), maxBuffer: 64 * 2 ** 20, timeout: 600_000 },
    );
    const wallSeconds = (performance.now() - started) / 1000;
    const { cpuSeconds, peakMiB, told } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Measured;
    const report = [...account.objects].find(([path]) => path.endsWith('report.json'))?.[1];
    const found = (JSON.parse(report?.toString() ?? '{}') as { services?: readonly unknown[] }).services?.length ?? 0;
    if (found !== services || told !== 1) throw new Error(`the report tells ${found} services, and ${told} got it`);
    return {
      services,
      weeks,
      cpuSeconds,
      goalSeconds: 20,
      peakMiB,
      goalMiB: 512,
      wallSeconds,
      files: account.objects.size,
      mailKiB: (account.mails[0]?.length ?? 0) / 1024,
    };
  } finally {
    account.close();
  }
};

interface Measured {
  readonly cpuSeconds: number;
  readonly peakMiB: number;
  readonly told: number;
}

/** The figures begin with the process: Lambda's cold start is in them. */
const program = `
  const { handler } = await import(process.env.BUNDLE);
  const { sent } = await handler({ scheduledAt: process.env.AT }, { functionName: 'report', awsRequestId: 'bench', getRemainingTimeInMillis: () => 600000 });
  const { user, system } = process.cpuUsage();
  console.log(JSON.stringify({ cpuSeconds: (user + system) / 1e6, peakMiB: process.resourceUsage().maxRSS / 1024, told: sent.length }));
  process.exit(0);
`;

const environment = (endpoint: string): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  BUNDLE: pathToFileURL(join(functionFolder('report'), 'index.mjs')).href,
  AT: new Date(at * 1000).toISOString(),
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_ENDPOINT_URL: endpoint,
  AWS_LAMBDA_FUNCTION_NAME: 'report',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
  POWERTOOLS_SERVICE_NAME: 'sluice-report',
  POWERTOOLS_LOG_LEVEL: 'ERROR',
  SLUICE_STAGE: 'bench',
  SLUICE_TABLE: 'state',
  SLUICE_PARAMETER_PATH: '/sluice/bench/',
  SLUICE_CONFIG_HASH: 'bench',
  SLUICE_REPORT_BUCKET: 'reports',
  SLUICE_REPORT: JSON.stringify({
    at: { weekday: 'mon', minute: 420 },
    timeZone: 'Europe/Copenhagen',
    email: ['team@example.com'],
    from: 'sluice@example.com',
  }),
});

const bindings = (): readonly ServiceBinding[] =>
  toServicePlans({
    services: Object.fromEntries(
      Array.from({ length: services }, (_, i) => [
        `service-${i}`,
        { worker: { image: 'x', cpu: 1024, memoryMiB: 4096 }, tasks: { min: 3, max: 60 } },
      ]),
    ),
  }).map((plan) => ({
    plan,
    shard: String(Math.floor(Number(plan.service.slice('service-'.length)) / 30)),
    cluster: 'main',
    ecsService: plan.service,
    table: 'state',
    queues: [],
  }));
