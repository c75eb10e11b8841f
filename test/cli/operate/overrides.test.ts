import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isMuted, noOverrides, readOverrides } from '../../../lib/observe/overrides.ts';
import { startTestStage, type TestStage } from './test-stage.ts';

let stage: TestStage;
beforeAll(async () => {
  stage = await startTestStage();
});
afterAll(() => stage.close());
beforeEach(async () => {
  await stage.sluice('resume', '--all', '--stage', 'test');
});
const overrides = () =>
  readOverrides(stage.table.client, stage.table.name, new AbortController().signal, { consistent: true });
const on = ['--stage', 'test'];

describe('pause, hold, resume', () => {
  it('pause sets one service aside and says how to end it; resume does', async () => {
    const before = Date.now() / 1000;
    const paused = await stage.sluice('pause', 'convert', '--for', '2h', '--reason', 'db move', '--by', 'ann', ...on);
    expect([paused.status, paused.stderr]).toEqual([0, '']);
    expect(paused.stdout).toMatch(/^convert of stage test in us-east-1 is paused until .*Z by ann \("db move"\)\.\n/);
    expect(paused.stdout).toContain('sluice resume convert');
    const { byService } = await overrides();
    expect(byService).toMatchObject({ convert: { kind: 'pause', by: 'ann', reason: 'db move' } });
    const { convert } = byService;
    expect(convert?.kind === 'pause' && convert.until - before).toBeGreaterThan(7198);

    const resumed = await stage.sluice('resume', 'convert', ...on);
    expect(resumed.status).toBe(0);
    expect(resumed.stdout).toMatch(/^convert of .* is no longer paused until .*\nSluice decides again/);
    expect(await overrides()).toEqual(noOverrides);
  });

  it('hold sets a count, with a name and as JSON when asked', async () => {
    const { status, stdout } = await stage.sluice('hold', 'scan', '--desired', '4', '--for', '30m', '--json', ...on);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      stage: 'test',
      service: 'scan',
      override: { kind: 'hold', desired: 4, by: expect.stringMatching(/@/) },
      warnings: [],
    });
    expect((await overrides()).byService.scan).toMatchObject({ kind: 'hold', desired: 4 });
  });

  it.each([
    ['0', 'warning: 0 is below the minimum of 1: the service will have 1\n'],
    ['25', 'warning: 25 is above the maximum of 20: the service will have 20\n'],
  ])('a hold at %s is done with a warning', async (desired, warning) => {
    const { status, stderr } = await stage.sluice('hold', 'scan', '--desired', desired, '--for', '30m', ...on);
    expect([status, stderr]).toEqual([0, warning]);
  });

  it('mute silences an alert, a service or all, leaves overrides alone, and unmute ends it', async () => {
    await stage.sluice('pause', 'scan', '--for', '1h', ...on);
    const muted = await stage.sluice('mute', 'convert', '--code', 'maxReached', '--for', '2h', '--by', 'ann', ...on);
    expect([muted.status, muted.stderr]).toEqual([0, '']);
    expect(muted.stdout).toMatch(/^convert is muted \(maxReached\) until .*Z by ann\.\n/);
    expect(muted.stdout).toContain('has no "alerts"');
    await stage.sluice('mute', '--all', '--for', '1h', '--json', ...on);
    const set = await overrides();
    expect(set.byService.scan).toMatchObject({ kind: 'pause' });
    const now = Date.now() / 1000;
    expect([isMuted(set, 'convert', 'maxReached', now), isMuted(set, 'scan', 'startsFail', now)]).toEqual([true, true]);
    expect(isMuted(set, 'convert', 'startsFail', now + 3700)).toBe(false);
    expect(isMuted(set, 'convert', 'maxReached', now + 3700)).toBe(true);
    const ended = JSON.parse((await stage.sluice('unmute', 'convert', '--json', ...on)).stdout);
    expect(ended).toMatchObject({ stage: 'test', scope: 'convert', ended: { code: 'maxReached', by: 'ann' } });
    expect((await stage.sluice('unmute', 'convert', ...on)).stdout).toContain('had no mute');
    await stage.sluice('unmute', '--all', ...on);
    expect((await overrides()).mutes).toBeUndefined();
  });

  it('one service cannot be taken out of a pause for all, and that is no success', async () => {
    await stage.sluice('pause', '--all', '--for', '1h', ...on);
    const { status, stdout } = await stage.sluice('resume', 'convert', ...on);
    expect(status).toBe(1);
    expect(stdout).toMatch(/had no override of its own\.\nIt stays paused until .*sluice resume --all\n$/);
    const all = await stage.sluice('resume', '--all', '--json', ...on);
    expect(JSON.parse(all.stdout)).toMatchObject({ scope: 'all', ended: [{ service: 'all services' }] });
    expect(await overrides()).toEqual(noOverrides);
  });

  it.each([
    [['pause', '--for', '1h'], /^SERVICE: found neither a service nor --all/],
    [['pause', 'convert', '--all', '--for', '1h'], /^SERVICE: found both convert and --all/],
    [
      ['mute', 'convert', '--for', '1h', '--code', 'maxReach'],
      /^--code: found "maxReach".*\n?.*Did you mean "maxReached"/,
    ],
    [['unmute'], /^SERVICE: found neither a service nor --all/],
    [['pause', 'convert', '--for', 'soon'], /^--for: found "soon"; expected a length of time/],
    [['pause', 'convert', '--for', '31d'], /^--for: found "31d"; .* at most 30 days/],
    [
      ['pause', 'convrt', '--for', '1h'],
      /^SERVICE: found "convrt"; expected one of convert, scan .*Did you mean convert/,
    ],
    [['hold', 'scan', '--desired', '-1', '--for', '1h'], /^--desired: found "-1"/],
    [['hold', 'scan', '--desired', '2.5', '--for', '1h'], /^--desired: found "2.5"/],
    [['hold', 'scan', '--for', '1h'], /--desired/],
  ])('%j is answered by one line and exit code 2, and sets nothing', async (args, line) => {
    const { status, stdout, stderr } = await stage.sluice(...args, ...on);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(line);
    expect(await overrides()).toEqual(noOverrides);
  });

  it('a stage that is not there is named, with what to check', async () => {
    const { status, stderr } = await stage.sluice('pause', 'convert', '--for', '1h', '--stage', 'tset');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^--stage: found "tset", of which nothing is known in us-east-1/);
  });
});
