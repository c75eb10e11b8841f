import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { queueLoads } from '../../lib/cli/jobs/queue-loads.ts';
import { DynamoJobStore } from '../../lib/jobs/dynamo-job-store.ts';
import type { Item } from '../../lib/jobs/job-item.ts';
import { payloadBucket } from '../../lib/jobs/payload-bucket.ts';
import { type AuditReport, auditJobs, jobItems } from '../../lib/jobs/upkeep/audit.ts';
import { redriveQueue } from '../../lib/jobs/upkeep/redrive.ts';
import { hostEnvironment } from '../../lib/local/client-environment.ts';
import { bootEmulators, type LocalCloud, startLocalCloud, synthesise } from '../../lib/local/local-cloud.ts';
import { createRandom } from '../../lib/simulate/random.ts';
import { type FastDynamo, fastDynamo } from './fast-dynamo.ts';
import { type LedgerFigures, startLedger } from './ledger.ts';
import { functionPids, type Submitter, startSubmitter } from './processes.ts';
import { ledgerFile } from './tell-ledger.ts';

export interface SoakOptions {
  readonly minutes: number;
  readonly kills: number;
  /** At most; each unit is two jobs. */
  readonly units: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

export interface SoakReport {
  readonly seed: number;
  readonly minutes: number;
  readonly machine: string;
  readonly kills: Readonly<Record<Victim, number>>;
  /** Accepted jobs: two for each acknowledged unit. */
  readonly accepted: number;
  readonly states: AuditReport['states'];
  /** Accepted, and no record is there. */
  readonly lost: number;
  /** Records that nobody asked for. */
  readonly surplus: number;
  readonly redriven: number;
  readonly ledger: LedgerFigures;
  readonly contradictions: AuditReport['contradictions'];
  readonly ok: boolean;
}

export type Victim = 'task' | 'function' | 'submitter';

const root = process.cwd();
const settleSeconds = 300;

/** Runs the chain in the local cloud while processes are killed at seeded random moments, then accounts for every job. */
export const soak = async (options: SoakOptions): Promise<SoakReport> => {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-soak-'));
  const startedAt = Date.now();
  const ledger = await startLedger();
  const emulators = await bootEmulators();
  const dynamoDb = await fastDynamo(emulators.dynamoDb);
  const note = ledgerFile(new URL(emulators.messaging.endpoint).port);
  writeFileSync(note, ledger.url);
  let cloud: LocalCloud | undefined;
  try {
    const context = { config: 'scripts/soak/soak.config.ts', 'sluice:local': 'true' };
    const outdir = join(directory, 'cdk.out');
    cloud = await startLocalCloud({
      assemblyDir: await synthesise({ app: join(root, 'bin/app.ts'), outdir, context, cwd: root }),
      emulators: {
        ...emulators,
        dynamoDb,
        stop: () => Promise.all([emulators.messaging.stop(), dynamoDb.stop()]).then(() => undefined),
      },
      startDelaySeconds: { median: 1, p95: 2 },
      seed: options.seed,
      projectDirectory: root,
      closeGraceSeconds: 3,
    });
    const submitter = startSubmitter(submitterEnvironment(cloud), options.units);
    const kills = await killAtRandom(cloud, submitter, options);
    options.say(`no more kills; ${submitter.acknowledged} units accepted`);
    await submitter.finish();
    const redriven = await settle(cloud, dynamoDb, options);
    return await account(cloud, dynamoDb, {
      ...options,
      kills,
      redriven,
      units: submitter.acknowledged,
      ledger: ledger.figures(),
      elapsedMinutes: (Date.now() - startedAt) / 60_000,
    });
  } finally {
    await cloud?.stop();
    await ledger.close();
    rmSync(directory, { recursive: true, force: true });
    rmSync(note, { force: true });
  }
};

const submitterEnvironment = (cloud: LocalCloud): Readonly<Record<string, string>> => ({
  ...hostEnvironment(),
  ...cloud.endpoints,
  SOAK_TABLE: jobsTable(cloud),
  SOAK_QUEUE_URL: queueOf(cloud, 'extract').url,
});

const jobsTable = (cloud: LocalCloud): string => {
  const found = cloud.resources.all.find(
    ({ type, logicalId }) => type === 'AWS::DynamoDB::Table' && /Jobs/.test(logicalId),
  );
  if (found === undefined) throw new Error('the template has no jobs table');
  return found.ref;
};

const queueOf = (cloud: LocalCloud, name: string) => {
  const queue = cloud.services.flatMap(({ queues }) => queues).find((one) => one.name === name);
  if (queue === undefined) throw new Error(`no queue ${name}`);
  return queue;
};

/** Kills are spread at random over the time; who is hit is random too, most often a task. */
const killAtRandom = async (
  cloud: LocalCloud,
  submitter: Submitter,
  { minutes, kills, seed, say }: SoakOptions,
): Promise<Record<Victim, number>> => {
  const { uniform } = createRandom(seed);
  const times = Array.from({ length: kills }, () => uniform() * minutes * 60).toSorted((a, b) => a - b);
  const counts: Record<Victim, number> = { task: 0, function: 0, submitter: 0 };
  const startedAt = Date.now();
  const elapsed = () => (Date.now() - startedAt) / 1000;
  const end = minutes * 60;
  let saidAt = 0;
  let due = 0;
  while (elapsed() < end || (due < times.length && elapsed() < end + 120)) {
    await delay(50);
    while (due < times.length && (times[due] ?? 0) <= elapsed()) {
      const victim = kill(cloud, submitter, uniform);
      // Nobody of that kind is alive just now: another try in a moment.
      if (victim === undefined) break;
      counts[victim] += 1;
      due += 1;
    }
    if (elapsed() - saidAt >= 30) {
      saidAt = elapsed();
      say(`${Math.round(saidAt)} s: ${submitter.acknowledged} units accepted, ${due} kills`);
    }
  }
  return counts;
};

const kill = (cloud: LocalCloud, submitter: Submitter, uniform: () => number): Victim | undefined => {
  const drawn = uniform();
  const pick = uniform();
  if (drawn < 0.75) {
    const running = cloud.controlPlane.ecs
      .tasks()
      .filter((task) => task.lastStatus === 'RUNNING' && task.pid !== undefined);
    const task = running[Math.floor(pick * running.length)];
    return task !== undefined && cloud.controlPlane.ecs.killTask(task.id, 'SIGKILL') ? 'task' : undefined;
  }
  if (drawn < 0.85) {
    const pids = functionPids();
    const pid = pids[Math.floor(pick * pids.length)];
    if (pid === undefined) return undefined;
    process.kill(pid, 'SIGKILL');
    return 'function';
  }
  return submitter.alive && submitter.kill() ? 'submitter' : undefined;
};

/** Lets everything come to its end, as an operator would: the sweeper runs, and dead letters are sent back. */
const settle = async (cloud: LocalCloud, { jobs }: FastDynamo, { say }: SoakOptions): Promise<number> => {
  const dynamo = jobs.client;
  const table = jobsTable(cloud);
  const store = new DynamoJobStore({ dynamo, table, bucket: payloadBucket(undefined, undefined) });
  const parts = {
    sqs: cloud.clients.sqs,
    store,
    sleep: (seconds: number) => delay(seconds * 1000),
    now: () => Date.now() / 1000,
  };
  const sweeper = cloud.resources.all.find(
    ({ type, logicalId }) => type === 'AWS::Lambda::Function' && /Sweep/.test(logicalId),
  );
  let redriven = 0;
  const until = Date.now() + settleSeconds * 1000;
  for (let round = 0; Date.now() < until; round += 1) {
    await delay(2000);
    if (round % 10 === 9 && sweeper !== undefined) await cloud.lambda.invoke(sweeper.ref, '{}');
    const [queued = 0, running = 0, failed = 0] = ['queued', 'running', 'failed'].map((state) =>
      jobs.counted(`soak#${state}`),
    );
    if (queued + running > 0) {
      if (round % 5 === 0) say(`${queued} queued, ${running} running, ${failed} failed`);
      if (round % 15 !== 14) continue;
    } else if (failed === 0) break;
    for (const { name, url, deadLetterUrl = '' } of cloud.services.flatMap(({ queues }) => queues)) {
      redriven += (await redriveQueue(parts, { name, url, deadLetterUrl }, 100)).moved ?? 0;
    }
  }
  return redriven;
};

const account = async (
  cloud: LocalCloud,
  { jobs }: FastDynamo,
  found: Omit<SoakOptions, 'kills'> & {
    readonly kills: Record<Victim, number>;
    readonly redriven: number;
    readonly ledger: LedgerFigures;
    readonly elapsedMinutes: number;
  },
): Promise<SoakReport> => {
  const { units, ledger } = found;
  const items: Item[] = [];
  for await (const item of jobItems(jobs.client, jobsTable(cloud))) items.push(item);
  const loads = await queueLoads(cloud.clients.sqs, cloud.services, 3, () => delay(500));
  const report = await auditJobs(items, loads, Date.now() / 1000);
  const first = new Set(items.map(({ jobId }) => jobId?.S));
  const followed = new Set(items.map(({ parentId }) => parentId?.S));
  const numbers = Array.from({ length: units }, (_, unit) => `unit-${unit}`);
  const lost = numbers.filter((id) => !first.has(id)).length + numbers.filter((id) => !followed.has(id)).length;
  const surplus = items.length - 2 * units;
  const ok =
    lost === 0 &&
    surplus === 0 &&
    report.states.done === 2 * units &&
    ledger.effects === 2 * units &&
    ledger.doubleEffects === 0 &&
    ledger.unexplainedRuns === 0 &&
    report.contradictions.length === 0;
  return {
    seed: found.seed,
    minutes: Math.round(found.elapsedMinutes * 10) / 10,
    machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.versions.node}`,
    kills: found.kills,
    accepted: 2 * units,
    states: report.states,
    lost,
    surplus,
    redriven: found.redriven,
    ledger,
    contradictions: report.contradictions.slice(0, 10),
    ok,
  };
};
