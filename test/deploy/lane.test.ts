import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Examined } from '../../lib/doctor/examine.ts';
import config from '../../sluice.config.ts';
import { type Cdk, cdkAgainst, functionBundlePath, readTemplate, type Template } from './cdk.ts';
import { CloudCalls } from './cloud-calls.ts';
import { type Inventory, namesByType, takeInventory } from './inventory.ts';
import { type Invocation, invokeFunction } from './invoke-function.ts';
import { account, childEnvironment, region } from './lane-environment.ts';
import { type Moto, startMoto } from './moto.ts';
import { skippedByMoto } from './moto-gaps.ts';
import { runProgram } from './run-program.ts';

/**
 * Goal: what `cdk deploy` makes of sluice.config.ts works: the template deploys, the bundled tick scales through the
 * real SDK with nothing but the environment that the template gives it, deploys leave the desired count alone, and
 * destroy leaves what retention keeps.
 * Method: the real CDK CLI against moto. Each step goes on from the one before.
 */
const stack = 'sluice';
const [service = ''] = Object.keys(config.services);
const smallerMax = 7;
const jobs = 1000;

let folder: string;
let moto: Moto;
let cdk: Cdk;
let calls: CloudCalls;
let template: Template;
let deployed: Inventory;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-deploy-'));
  moto = await startMoto(folder);
  cdk = cdkAgainst(moto.endpoint, folder);
  calls = new CloudCalls(moto.endpoint);
});

afterAll(async () => {
  await moto?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('deploy', () => {
  test('cdk bootstrap', async () => {
    await cdk.run('bootstrap', `aws://${account}/${region}`, '--output', assembly());
  });

  test('cdk deploy makes every resource that moto knows', async () => {
    await cdk.run('deploy', '--require-approval', 'never', '--output', assembly());
    template = readTemplate(assembly(), stack);
    deployed = await inventory();
    const made = new Set(deployed.stack.map(({ logicalId }) => logicalId));
    const skipped = typesOf(template, (logicalId) => !made.has(logicalId));
    say(
      `moto made ${made.size} of ${Object.keys(template.Resources).length} resources:`,
      counted(typesOf(template, (id) => made.has(id))),
    );
    say(
      'and skipped in silence; these are proved by:',
      Object.entries(counts(skipped)).map(([type, n]) => `${n} ${type}: ${skippedByMoto[type] ?? 'NOTHING'}`),
    );
    expect(skipped.filter((type) => !(type in skippedByMoto))).toEqual([]);
  });

  test('the services themselves know what CloudFormation says it made', () => {
    const known = namesByType(deployed);
    const checked = deployed.stack.filter(({ type }) => type in known);
    expect(checked.filter(({ type, physicalId }) => !known[type]?.includes(nameOf(physicalId)))).toEqual([]);
    expect(checked.length).toBeGreaterThan(20);
  });

  test('cdk diff is empty after the deploy', async () => {
    const { code, stdout, stderr } = await cdk.answer(
      'diff',
      '--fail',
      '--method',
      'template',
      '--output',
      join(folder, 'diff.out'),
    );
    expect({ code, differences: code === 0 ? '' : `${stdout}${stderr}` }).toEqual({ code: 0, differences: '' });
  });
});

describe('tick', () => {
  let scaledTo: number;
  let queued: { readonly messageId: string; readonly body: string };

  test('a minute tick sees the real queue and changes the real desired count', async () => {
    await calls.sendJobs(queueUrl(service), jobs);
    const before = await desired();
    const { log } = await tick(scheduled());
    scaledTo = await desired();
    say(`${jobs} jobs: desired ${before} → ${scaledTo}`, summaries(log));
    expect(errors(log)).toEqual([]);
    expect(scaledTo).toBeGreaterThan(before);
  });

  test('it has sent itself the ticks between the minutes', async () => {
    expect(await calls.delayedMessages(tickQueueUrl())).toBeGreaterThanOrEqual(10);
    queued = await calls.nextRecord(tickQueueUrl());
  });

  test('one of those goes on from the stored state, in a function that has just started', async () => {
    const version = await stateVersion();
    const { result, log } = await tick({ Records: [queued] });
    say(`the next tick: desired ${scaledTo} → ${await desired()}`, summaries(log));
    expect(errors(log)).toEqual([]);
    expect(result).toEqual({ batchItemFailures: [] });
    expect(await stateVersion()).toBe(version + 1);
    expect(await desired()).toBeGreaterThanOrEqual(scaledTo);
    scaledTo = await desired();
  });

  test('a duplicate of it is dropped: no commit, no change', async () => {
    const version = await stateVersion();
    const { result, log } = await tick({ Records: [{ ...queued, messageId: 'again' }] });
    expect(errors(log)).toEqual([]);
    expect(log.filter(({ message }) => message === 'decision')).toEqual([]);
    expect(result).toEqual({ batchItemFailures: [] });
    expect(await stateVersion()).toBe(version);
    expect(await desired()).toBe(scaledTo);
  });
});

describe('doctor', () => {
  test('examines the stage, and tells what moto does not know instead of breaking', async () => {
    const command = ['bin/run.js', 'doctor', '--stage', stack, '--json'];
    const { code, stdout, stderr } = await runProgram(
      process.execPath,
      command,
      childEnvironment(moto.endpoint, folder),
    );
    const examined = JSON.parse(stdout || '{}') as Examined;
    say(
      `ready: ${examined.ready}`,
      examined.checks.flatMap(({ code, findings }) =>
        findings.map((finding) => `${code} ${finding.service ?? ''}: ${finding.severity}: ${finding.found}`),
      ),
    );
    expect({ code, stage: examined.stage, stderr }).toEqual({ code: examined.ready ? 0 : 1, stage: stack, stderr: '' });
    const severities = (code: string) =>
      examined.checks.find((check) => check.code === code)?.findings.map(({ severity }) => severity);
    for (const code of [
      'service',
      'deadLetterQueue',
      'deadLetterRetention',
      'desiredCount',
      'version',
      'scalableTarget',
    ])
      expect([code, severities(code)]).toEqual([code, []]);
  });
});

describe('holidays', () => {
  test('the daily function writes what the schedules need', async () => {
    const { log } = await invoke('Holidays', {});
    expect(errors(log)).toEqual([]);
    expect(log).toContainEqual(expect.objectContaining({ message: 'holidays', days: expect.any(Number) }));
    expect(await calls.itemsUnder(physicalId('AWS::DynamoDB::Table', 'State'), 'CAL#')).toBe(1);
  });
});

describe('life of the stack', () => {
  let count: number;

  test('a second deploy, which changes the services and their maximum, keeps the desired count', async () => {
    count = await desired();
    expect(count).toBeGreaterThan(smallerMax);
    await deployAgain(
      '-c',
      `config=${await changedConfig()}`,
      '--app',
      changedApp,
      '--output',
      join(folder, 'again.out'),
    );
    expect(await desired()).toBe(count);
  });

  test('the next tick keeps to the new maximum: the deploy has reached the function', async () => {
    deployed = await inventory();
    const { log } = await tick(nextTick());
    say(`maximum ${smallerMax}: desired ${count} → ${await desired()}`, summaries(log));
    expect(errors(log)).toEqual([]);
    expect(await desired()).toBe(smallerMax);
  });

  test('a rollback to what was deployed first keeps the desired count', async () => {
    await deployAgain('--app', assembly());
    expect(await desired()).toBe(smallerMax);
    deployed = await inventory();
    await tick(nextTick());
    expect(await desired()).toBeGreaterThan(smallerMax);
  });

  test('cdk destroy leaves nothing but what retention keeps', async () => {
    await cdk.run('destroy', '--force', '--app', assembly());
    const after = await inventory();
    const retained = typesOf(template, (_, { DeletionPolicy }) => DeletionPolicy?.startsWith('Retain') === true);
    say('left behind by retention:', [...counted(retained), ...after.tables]);
    expect(retained).toEqual(['AWS::DynamoDB::Table']);
    expect(leftOvers(after)).toEqual({ 'AWS::DynamoDB::Table': deployed.tables });
  });
});

const assembly = (): string => join(folder, 'cdk.out');
const inventory = (): Promise<Inventory> => takeInventory(moto.endpoint, folder, stack);

// moto's change sets know no update, and it takes a parameter's previous value for the name of another parameter.
const deployAgain = (...more: readonly string[]) =>
  cdk.run('deploy', '--require-approval', 'never', '--method', 'direct', '--no-previous-parameters', ...more);

const changedApp = 'node bin/run.js --script test/deploy/changed-app.ts';
const changedConfig = async (): Promise<string> => {
  const first = config.services[service];
  const services = { ...config.services, [service]: { ...first, schedule: [], tasks: { min: 0, max: smallerMax } } };
  const file = join(folder, 'changed.config.json');
  await writeFile(file, JSON.stringify({ ...config, services }));
  return file;
};

/** The one resource of a type whose logical id holds a name. */
const resource = (type: string, name: string): Inventory['stack'][number] => {
  const found = deployed.stack.filter((one) => one.type === type && one.logicalId.includes(name));
  const [one, ...others] = found;
  if (one === undefined || others.length > 0) throw new Error(`${found.length} resources ${type} ${name}, not one`);
  return one;
};

const physicalId = (type: string, name: string): string => resource(type, name).physicalId;

/** A queue's physical id is its URL, whose host is not moto's. */
const nameOf = (id: string): string => (id.startsWith('https:') ? (id.split('/').at(-1) ?? id) : id);

const queueUrl = (queue: string): string => physicalId('AWS::SQS::Queue', `Queues${queue}Jobs`);
const tickQueueUrl = (): string => physicalId('AWS::SQS::Queue', 'Ticks');

const desired = async (): Promise<number> => {
  const arn = physicalId('AWS::ECS::Service', `Services${service}Service`);
  const [cluster = '', name = ''] = arn.split('/').slice(1);
  return calls.desiredCount(cluster, name);
};

const stateVersion = (): Promise<number> => calls.stateVersion(physicalId('AWS::DynamoDB::Table', 'State'), '0');

const tick = (event: object): Promise<Invocation> => invoke('Tick', event);

/** One cold start of a deployed function. */
const invoke = async (which: string, event: object): Promise<Invocation> => {
  const { physicalId: name, logicalId } = resource('AWS::Lambda::Function', which);
  const environment = deployed.functions.find((one) => one.name === name)?.environment ?? {};
  const bundle = functionBundlePath(assembly(), template, logicalId);
  return invokeFunction({ name, environment, bundle, endpoint: moto.endpoint, home: folder }, event);
};

/** What the template's schedule sends, as Scheduler fills it in. */
const scheduled = (): object => {
  const [id] = Object.keys(template.Resources).filter((one) => one.includes('SchedulesShard0'));
  const target = template.Resources[id ?? '']?.Properties?.Target as { readonly Input: string } | undefined;
  if (target === undefined) throw new Error('the template has no schedule for shard 0');
  return JSON.parse(target.Input.replace('<aws.scheduler.scheduled-time>', new Date().toISOString()));
};

let instant = 0;

/** A tick for the next multiple of ten seconds that has none yet, as it comes out of the tick queue. No need to wait for it. */
const nextTick = (): object => {
  instant = Math.max(instant + 10, Math.ceil(Date.now() / 10_000) * 10);
  const body = JSON.stringify({ shard: '0', scheduledAt: new Date(instant * 1000).toISOString() });
  return { Records: [{ messageId: 'next', body }] };
};

const errors = (log: Invocation['log']) => log.filter(({ level }) => level === 'ERROR' || level === 'WARN');
const summaries = (log: Invocation['log']): readonly string[] =>
  log
    .filter(({ message }) => message === 'decision')
    .map(({ decision }) => {
      const { service: name, summary } = decision as { readonly service: string; readonly summary: string };
      return `${name}: ${summary}`;
    });

const typesOf = (
  { Resources }: Template,
  wanted: (logicalId: string, resource: Template['Resources'][string]) => boolean,
): readonly string[] =>
  Object.entries(Resources)
    .filter(([logicalId, resource]) => wanted(logicalId, resource))
    .map(([, { Type }]) => Type);

const counts = (names: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...Map.groupBy(names.toSorted(), (name) => name)].map(([name, all]) => [name, all.length]));
const counted = (names: readonly string[]): readonly string[] =>
  Object.entries(counts(names)).map(([name, n]) => `${n} ${name}`);

/** Names by type that are still there and are not bootstrap's. */
const leftOvers = (after: Inventory): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    Object.entries(namesByType(after))
      .map(([type, names]) => [type, names.filter((name) => !/^\/?cdk-/.test(name))] as const)
      .filter(([, names]) => names.length > 0),
  );

const say = (headline: string, lines: readonly string[] = []): void => {
  console.log([`  ${headline}`, ...lines.map((line) => `    ${line}`)].join('\n'));
};
