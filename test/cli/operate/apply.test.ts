import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppliedStore } from '../../../lib/act/applied-store.ts';
import { dynamoReportItems } from '../../../lib/deliver/report-items.ts';
import { type AppliedEntry, appliedKey, parseApplied } from '../../../lib/model/applied.ts';
import { readAppliedTexts } from '../../../lib/observe/fresh-applied.ts';
import type { LedgerEntry } from '../../../lib/report/ledger/ledger.ts';
import { startTestStage, type TestStage } from './test-stage.ts';

/** Goal: a person sees what is applied, applies advice that can be taken back, and takes it back. Method: a stage, its own table. */
let stage: TestStage;
const directory = mkdtempSync(join(tmpdir(), 'sluice-apply-'));
const on = ['--stage', 'test'] as const;
const read = async () =>
  readAppliedTexts(stage.table.client, stage.table.name, AbortSignal.timeout(5000), { consistent: true });
const entryOf = async (service: string) => parseApplied((await read())[service] ?? '{}') as AppliedEntry;

const advice = (id: string, change: LedgerEntry['change'], state: LedgerEntry['state'] = 'open'): LedgerEntry => ({
  id,
  kind: 'schedule',
  resource: id.split(':')[1] ?? '',
  title: `advice ${id}`,
  firstAdvisedAt: 1,
  lastAdvisedAt: 1,
  predictedUsdPerMonth: 10,
  state,
  ...(change && { change }),
});
const minimums = { to: 'minimums', from: 8, until: 18, business: 1, offHours: 0, rest: 0, timeZone: 'UTC' } as const;

beforeAll(async () => {
  stage = await startTestStage();
  await dynamoReportItems(stage.table.client, stage.table.name).writeLedger(
    [
      advice('schedule:convert', minimums),
      advice('minMax:scan', { to: 'bounds', max: 8 }),
      advice('arm:scan', { to: 'architecture', architecture: 'arm64' }),
      advice('commit:all', {
        to: 'commitment',
        kind: 'computeSavingsPlan',
        years: 1,
        payment: 'none',
        feeUsdPerHour: 1,
      }),
      advice('minMax:convert', { to: 'bounds', max: 3 }, 'dismissed'),
    ],
    1,
  );
});
afterAll(async () => {
  await stage.close();
  rmSync(directory, { recursive: true, force: true });
});
beforeEach(async () => {
  const store = new AppliedStore(stage.table.client, stage.table.name);
  for (const [service, text] of Object.entries(await read())) await store.replace(service, text, {});
});

describe('sluice apply', () => {
  it('lists what could be applied: nothing that is bought, or that only a deploy can do', async () => {
    const { status, stdout } = await stage.sluice('apply', '--json', ...on);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      applied: [],
      unreadable: [],
      open: [
        { id: 'schedule:convert', service: 'convert', part: 'schedule' },
        {
          id: 'minMax:scan',
          service: 'scan',
          part: 'minMax',
          text: 'Outside all windows 1 to 8 tasks instead of 1 to 20.',
        },
      ],
    });
    const text = await stage.sluice('apply', ...on);
    expect(text.stdout).toMatch(
      /^Nothing is applied beside the config of stage test in us-east-1\.\nAdvice that could be applied:\n {2}schedule:convert/,
    );
  });

  it('applies one, names it in the list and in the status, and undo takes it back and bars it', async () => {
    const made = await stage.sluice('apply', 'schedule:convert', '--by', 'ann', ...on);
    expect([made.status, made.stderr]).toEqual([0, '']);
    expect(made.stdout).toMatch(
      /^Applied to convert of stage test in us-east-1: advice schedule:convert\. Minimums are 1 /,
    );
    expect(made.stdout).toContain('sluice undo convert --part schedule');
    const { schedule } = await entryOf('convert');
    expect(schedule).toMatchObject({ advice: 'schedule:convert', by: 'ann', business: 1, offHours: 0, rest: 0 });
    expect(schedule).not.toHaveProperty('byItself');

    const listed = await stage.sluice('apply', ...on);
    expect(listed.stdout).toMatch(
      / {2}convert: minimum 1 on working days 08:00 to 18:00, .*\(schedule:convert, by ann since /,
    );
    const status = await stage.sluice('status', 'convert', ...on);
    expect(status.stdout).toMatch(/applied +minimum 1 on working days/);

    const preview = await stage.sluice(
      'schedule',
      '--stage',
      'test',
      '--from',
      '2026-11-23T00:00:00Z',
      '--days',
      '1',
      '--json',
    );
    const { transitions } = JSON.parse(preview.stdout) as { transitions: readonly { service: string }[] };
    const own = transitions.filter(({ service }) => service === 'convert');
    expect(own).toMatchObject([
      { at: '2026-11-23T00:00:00Z', tasks: { min: 0, max: 20 }, applied: { configured: { min: 1, max: 20 } } },
      { at: '2026-11-23T08:00:00Z', tasks: { min: 1, max: 20 } },
      { at: '2026-11-23T18:00:00Z', tasks: { min: 0, max: 20 } },
    ]);
    expect(own[1]).not.toHaveProperty('applied');

    const undone = await stage.sluice('undo', 'convert', '--by', 'ben', '--json', ...on);
    expect(JSON.parse(undone.stdout)).toMatchObject({
      service: 'convert',
      undone: [{ advice: 'schedule:convert', part: 'schedule' }],
    });
    expect(await entryOf('convert')).toEqual({
      barred: [{ advice: 'schedule:convert', until: expect.any(Number), because: 'ben took it back' }],
    });
    const again = await stage.sluice('undo', 'convert', ...on);
    expect([again.status, again.stdout]).toEqual([0, 'Nothing is applied to convert of stage test in us-east-1.\n']);
  });

  it('takes advice from a report.json too', async () => {
    const file = join(directory, 'report.json');
    const line = { id: 'schedule:scan', title: 'quiet nights', resource: 'scan', change: { ...minimums, rest: 0 } };
    writeFileSync(file, JSON.stringify({ plan: { recommendations: [line] } }));
    const { status, stdout } = await stage.sluice('apply', 'schedule:scan', '--report', file, '--json', ...on);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ service: 'scan', part: 'schedule', warnings: [] });
  });

  it('warns where a person has the wheel', async () => {
    await stage.sluice('pause', 'convert', '--for', '1h', '--by', 'ann', ...on);
    const { status, stderr } = await stage.sluice('apply', 'schedule:convert', ...on);
    expect(status).toBe(0);
    expect(stderr).toMatch(/^warning: convert is paused until .* by ann: what was applied holds only after that/);
    await stage.sluice('resume', 'convert', ...on);
  });

  it('undo of one part leaves the other; what does not read is named and cleared', async () => {
    const file = join(directory, 'two.json');
    const lines = [
      { id: 'schedule:scan', title: 'a', resource: 'scan', change: minimums },
      { id: 'minMax:scan', title: 'b', resource: 'scan', change: { to: 'bounds', max: 9 } },
    ];
    writeFileSync(file, JSON.stringify({ plan: { recommendations: lines } }));
    for (const { id } of lines) await stage.sluice('apply', id, '--report', file, ...on);
    await stage.sluice('undo', 'scan', '--part', 'schedule', ...on);
    expect(await entryOf('scan')).toMatchObject({ minMax: { max: 9 } });
    expect(await entryOf('scan')).not.toHaveProperty('schedule');

    await stage.table.client.send(
      new UpdateItemCommand({
        TableName: stage.table.name,
        Key: appliedKey,
        UpdateExpression: 'SET #a = :a',
        ExpressionAttributeNames: { '#a': 'service:scan' },
        ExpressionAttributeValues: { ':a': { S: 'half a line' } },
      }),
    );
    expect((await stage.sluice('apply', ...on)).stdout).toContain('scan: what is stored does not read');
    expect((await stage.sluice('undo', 'scan', ...on)).stdout).toBe(
      'What was stored for scan did not read: it is cleared.\n',
    );
    expect((await read()).scan).toBeUndefined();
  });

  it.each([
    [['apply', 'arm:scan'], /^ID: found "arm:scan"; expected one of schedule:convert, minMax:scan/],
    [['apply', 'commit:all'], /^ID: found "commit:all"/],
    [['apply', 'x', '--report', '/nowhere.json'], /^--report: found no such file/],
    [['undo', 'convrt'], /^SERVICE: found "convrt".*Did you mean convert/],
    [['undo', 'convert', '--part', 'policy'], /--part/],
  ])('%j is answered by one line and exit code 2, and changes nothing', async (args, text) => {
    const { status, stdout, stderr } = await stage.sluice(...args, ...on);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(text);
    expect(await read()).toEqual({});
  });
});
