import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OverrideStore } from '../../../lib/act/override-store.ts';
import { loadConfig } from '../../../lib/config/load.ts';
import type { DecisionRecord } from '../../../lib/model/decision.ts';
import { bindingOf } from '../../tick/world.ts';
import { localLog } from './local-log.ts';
import { run, startTestStage, type TestStage } from './test-stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-explain-'));
const file = join(folder, 'decisions.jsonl');
const config = join(folder, 'config.json');
let stage: TestStage;
let log: readonly DecisionRecord[];
let now: number;
const home = process.cwd();

beforeAll(async () => {
  // A local run that somebody made here would be the source before the config's stage.
  process.chdir(folder);
  stage = await startTestStage();
  const services = { convert: {}, scan: {} };
  writeFileSync(config, JSON.stringify({ stage: 'test', services }));
  now = Date.now() / 1000;
  // Ticks are at most 11 s apart: the last one lies a little before now.
  log = await localLog(bindings, 60, 3, now - 60 * 11 - 5);
  writeFileSync(file, `${log.map((record) => JSON.stringify(record)).join('\n')}\n\n`);
  await stage.writeLog(log);
  await stage.markTick('convert', now - 5);
  await stage.markTick('scan', now - 600);
});
afterAll(async () => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
  await stage.close();
});

const bindings = [bindingOf('convert', { tasks: { min: 1, max: 9 } }), bindingOf('scan')];
const of = (service: string) => log.filter(({ decision }) => decision.service === service);
const fromFile = (...args: readonly string[]) => run([...args, '--log', file]);
const iso = (at: number) => `${new Date(at * 1000).toISOString().slice(0, 19)}Z`;

describe.each([
  [
    'a file',
    (...args: readonly string[]) => fromFile(...args),
    /the file .*decisions\.jsonl: 120 decisions of 2 services/,
  ],
  [
    'a stage',
    (...args: readonly string[]) => stage.sluice(...args, '--stage', 'test'),
    /the decision log of stage test in us-east-1/,
  ],
  [
    'the config’s stage',
    (...args: readonly string[]) => stage.sluice(...args, '--config', config),
    /stage test in us-east-1/,
  ],
])('from %s', (_, sluice, source) => {
  it('why tells the latest decision and what was read', async () => {
    const { status, stdout } = await sluice('why', 'convert');
    const last = of('convert').at(-1)?.decision;
    expect(status).toBe(0);
    expect(stdout.split('\n')[0]).toBe(
      `convert at ${new Date((last?.at ?? 0) * 1000).toUTCString().slice(0, 3)} ${iso(last?.at ?? 0).slice(0, 10)} ${iso(last?.at ?? 0).slice(11, 19)} UTC`,
    );
    for (const heading of ['What was seen', 'What was wanted', 'What happened', 'Around it'])
      expect(stdout).toContain(heading);
    expect(stdout).toMatch(source);
  });

  it('why --at takes the tick at that time or the one before', async () => {
    const record = of('scan')[30];
    const at = iso((record?.decision.at ?? 0) + 3);
    const { stdout } = await sluice('why', 'scan', '--at', at, '--json');
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({ asked: at, record, story: { service: 'scan', at: record?.decision.at } });
    expect(answer.story.previous.at).toBe(of('scan')[29]?.decision.at);
    expect(answer.story.next.at).toBe(of('scan')[31]?.decision.at);
  });

  it('log lists them, newest last; --actions-only leaves the quiet ones out', async () => {
    const { stdout } = await sluice('log', 'scan', '--limit', '7');
    expect(stdout.split('\n')).toHaveLength(7 + 4);
    expect(stdout).toMatch(/^scan, .* 60 decisions, the newest 7 shown/);
    const actions = JSON.parse((await sluice('log', 'scan', '--actions-only', '--json')).stdout);
    const scaled = of('scan').filter(({ decision }) => decision.kind === 'scale');
    expect(actions.found).toBe(scaled.length);
    expect(actions.decisions.map(({ at }: { at: string }) => at)).toEqual(
      scaled.map(({ decision }) => iso(decision.at)),
    );
  });
});

describe('status', () => {
  it('live: counts of now, last decision, overrides, and that nothing was decided for long', async () => {
    const store = new OverrideStore(stage.table.client, stage.table.name);
    await store.set({ service: 'convert' }, { kind: 'pause', until: now + 600, by: 'ann' }, now);
    await stage.sluice('mute', 'convert', '--code', 'maxReached', '--for', '1h', '--by', 'ann', '--stage', 'test');
    const { status, stdout } = await stage.sluice('status', '--stage', 'test', '--json');
    await stage.sluice('unmute', 'convert', '--stage', 'test');
    await store.clear({ service: 'convert' });
    expect(status).toBe(0);
    expect(JSON.parse(stdout).services).toMatchObject([
      {
        service: 'convert',
        mode: 'act',
        tasks: { desired: 4, running: 3, pending: 1 },
        rollout: { ready: 3, desired: 4, percent: 75, state: 'starting' },
        mutes: [expect.stringMatching(/^muted \(maxReached\) until .* by ann$/)],
        queues: [{ name: 'convert', visible: 12, inFlight: 3 }],
        override: { kind: 'pause', by: 'ann' },
        lastDecision: { desired: of('convert').at(-1)?.decision.desired },
      },
      {
        service: 'scan',
        alerts: expect.arrayContaining([expect.objectContaining({ code: 'silent', severity: 'critical' })]),
      },
    ]);
  });

  it('of a file: the last that was known, and that it is not live', async () => {
    const { stdout } = await fromFile('status', 'scan');
    expect(stdout).toMatch(/^scan\n/);
    expect(stdout).not.toContain('convert\n');
    expect(stdout).toMatch(/not live\.\n$/);
  });
});

describe('replay', () => {
  it('exits 0 when all comes out as it is written, and 1 under another config', async () => {
    const mine = join(folder, 'mine.json');
    const its = join(folder, 'mine.jsonl');
    writeFileSync(mine, JSON.stringify({ services: { scan: { tasks: { max: 15 } } } }));
    const [plan] = (await loadConfig(mine)).plans;
    const records = await localLog([{ ...bindingOf('scan'), ...(plan && { plan }) }], 50, 5);
    writeFileSync(its, records.map((record) => JSON.stringify(record)).join('\n'));
    const same = await run(['replay', its, '--config', mine]);
    expect([same.status, same.stderr]).toEqual([0, '']);
    expect(same.stdout).toContain('All 50 decisions came out as they are written.');

    writeFileSync(mine, JSON.stringify({ services: { scan: { tasks: { max: 2 } } } }));
    const other = await run(['replay', its, '--config', mine, '--counts', '--limit', '1']);
    expect(other.status).toBe(1);
    expect(other.stdout).toMatch(/50 ticks had been decided by another plan/);
    expect(other.stdout).toMatch(/more tasks than then in 0 ticks, fewer in \d+/);
    expect(other.stdout).toMatch(/\n {6}now {3}\w+: /);
    const json = JSON.parse((await run(['replay', its, '--config', mine, '--json'])).stdout);
    expect(json).toMatchObject({ decided: 50, services: [{ service: 'scan', otherPlan: 50 }] });
  });

  it('a service that the config lacks, and a log without its beginning, are bad input', async () => {
    const lacking = await run(['replay', file, '--config', join(folder, 'mine.json')]);
    expect([lacking.status, lacking.stderr]).toEqual([2, expect.stringMatching(/has no service convert/)]);
    const middle = join(folder, 'middle.jsonl');
    const records = of('scan').filter(({ before }) => before === undefined);
    writeFileSync(middle, records.map((record) => JSON.stringify(record)).join('\n'));
    const { status, stderr } = await run(['replay', middle, '--config', join(folder, 'mine.json')]);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/no state among them/)]);
  });
});

describe('bad input', () => {
  it.each([
    [['why', 'nope'], /^SERVICE: found "nope"; expected one of convert, scan/],
    [['why', 'scan', '--at', 'yesterday'], /^--at: found "yesterday"; expected a time such as/],
    [['why', 'scan', '--at', '2001-01-01T00:00:00Z'], /^--at: found 2001-01-01T00:00:00Z; expected a time at or after/],
    [['log', 'scan', '--limit', 'all'], /^--limit: found "all"/],
    [['log', 'scan', '--from', '10m ago', '--to', '20m ago'], /^--from: found .*; expected a time before --to/],
    [['status', 'scna'], /Did you mean scan/],
  ])('%j: one line, exit code 2', async (args, line) => {
    const { status, stdout, stderr } = await fromFile(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(line)]);
  });

  it.each([
    ['no file', undefined, /^\S*bad\.jsonl: found no such file/],
    ['no JSON', '{"tick":', /^\S*bad\.jsonl:1: found .*; expected one JSON document a line/],
    ['another document', '{"tick":"0"}', /^\S*bad\.jsonl:1: found {"tick":"0"}; expected a decision record/],
    ['nothing in it', '\n', /^\S*bad\.jsonl: found no decision/],
  ])('a log with %s is named with its line', async (_, text, line) => {
    const bad = join(folder, 'bad.jsonl');
    rmSync(bad, { force: true });
    if (text !== undefined) writeFileSync(bad, text);
    const { status, stderr } = await run(['why', 'scan', '--log', bad]);
    expect(status).toBe(2);
    expect(stderr).toMatch(line);
  });

  it('two sources at once, and a region that nobody named', async () => {
    const both = await fromFile('why', 'scan', '--stage', 'test');
    expect([both.status, both.stderr]).toEqual([2, expect.stringMatching(/^--log: found both --log and --stage/)]);
    const nowhere = await run(['why', 'scan', '--stage', 'test'], { HOME: folder });
    expect([nowhere.status, nowhere.stderr]).toEqual([2, expect.stringMatching(/^AWS_REGION: found no region/)]);
  });
});
