import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DynamoLedger } from '../../../lib/act/dynamo-ledger.ts';
import type { LedgerEntry } from '../../../lib/report/ledger/ledger.ts';
import { startTestStage, type TestStage } from './test-stage.ts';

/**
 * Goal: after a mailed report, its command notes a decision where that stage keeps its advice, and no decision is lost.
 * Method: the command line and the real table API; weeks that end beside people who decide.
 */
let stage: TestStage;
let ledger: DynamoLedger;
beforeAll(async () => {
  stage = await startTestStage();
  ledger = new DynamoLedger(stage.table.client, stage.table.name);
});
afterAll(() => stage.close());

const entry = (id: string, state: LedgerEntry['state'] = 'open'): LedgerEntry => ({
  id,
  kind: 'size',
  resource: id.slice(5),
  title: `${id.slice(5)} gets smaller`,
  firstAdvisedAt: 1,
  lastAdvisedAt: 1,
  predictedUsdPerMonth: 12.5,
  state,
});
const states = async (): Promise<readonly string[]> =>
  ((await ledger.read()) ?? []).map(({ id, state }) => `${id} ${state}`);
const on = ['--stage', 'test'];

describe('sluice report --accept and --dismiss on a stage', () => {
  it('says so when there has been no report', async () => {
    const { status, stderr } = await stage.sluice('report', '--accept', 'size:convert', ...on);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^--accept: found no advice at all in stage test in us-east-1; expected a stage that has made/,
    );
  });

  it('notes both, says where, and asks the account nothing', async () => {
    await ledger.writeWeek([entry('size:convert'), entry('size:scan'), entry('size:old', 'applied')], 1000);
    const asked = stage.aws.operations;
    stage.aws.operations = { GetParametersByPath: asked.GetParametersByPath as never };
    const { status, stdout } = await stage.sluice(
      'report',
      '--accept',
      'size:convert',
      '--dismiss',
      'size:scan',
      ...on,
    );
    stage.aws.operations = asked;
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(
        /^accepted: size:convert \(convert gets smaller, USD 12\.50 a month\)\ndismissed: size:scan .*\nNoted in stage test in us-east-1\./,
      ),
    ]);
    expect(await states()).toEqual(['size:convert accepted', 'size:scan dismissed', 'size:old applied']);
  });

  it('twice is once, and a person may change their mind', async () => {
    const before = await ledger.read();
    expect((await stage.sluice('report', '--accept', 'size:convert', ...on)).status).toBe(0);
    expect(await ledger.read()).toEqual(before);
    const { stdout } = await stage.sluice('report', '--accept', 'size:scan', '--json', '--regions', 'us-east-1', ...on);
    expect(JSON.parse(stdout)).toMatchObject({ ledger: 'stage test in us-east-1', entries: [{ state: 'accepted' }] });
    expect(await states()).toContain('size:scan accepted');
  });

  it.each([
    [
      ['--accept', 'size:convrt'],
      /--accept: found "size:convrt"; expected one of size:convert, size:scan\. Did you mean "size:convert"\?/,
    ],
    [['--dismiss', 'size:old'], /--dismiss: found "size:old", which is applied; expected advice that is open/],
    [['--accept', 'size:scan', '--dismiss', 'size:scan'], /which --dismiss names too; expected one of the two/],
    [['--accept', 'size:scan', '--regions', 'us-east-1,eu-west-1'], /--regions: .*the one Region of the stage/],
  ])('%j is refused, and changes nothing', async (args, message) => {
    const before = await states();
    const { status, stderr } = await stage.sluice('report', ...args, ...on);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(await states()).toEqual(before);
  });

  it('no stage and no file: says which to name', async () => {
    const { status, stderr } = await stage.sluice(
      'report',
      '--accept',
      'x',
      '--usage',
      'examples/cost-report/usage.json',
    );
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/--accept: found a usage file and no --ledger.*--stage/),
    ]);
  });
});

describe('a week that ends while people decide', () => {
  it('keeps what they have decided since it read the ledger', async () => {
    await ledger.writeWeek([entry('size:convert'), entry('size:scan')], 2000);
    await ledger.decide({ accept: [], dismiss: ['size:scan'] }, 2100);
    // Made of the ledger as it was before that.
    await ledger.writeWeek([entry('size:convert'), entry('size:scan'), entry('size:new')], 3000);
    expect(await states()).toEqual(['size:convert accepted', 'size:scan dismissed', 'size:new open']);
    await ledger.writeWeek([entry('size:convert', 'measured')], 2500);
    expect(await states()).toContain('size:new open');
  });

  it('two people at once: neither is lost', async () => {
    await ledger.writeWeek([entry('size:a'), entry('size:b'), entry('size:c')], 4000);
    await Promise.all(['a', 'b', 'c'].map((name) => ledger.decide({ accept: [`size:${name}`], dismiss: [] }, 4100)));
    expect(await states()).toEqual(['size:a accepted', 'size:b accepted', 'size:c accepted']);
  });
});
