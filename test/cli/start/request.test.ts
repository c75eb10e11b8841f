import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readRequest, type StartOptions } from '../../../lib/cli/start/request.ts';
import { BadInput } from '../../../lib/model/bad-input.ts';

const directory = mkdtempSync(join(tmpdir(), 'sluice-request-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const file = (name: string, content: string): string => {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
};

const defaults: StartOptions = { minutes: '2', seed: '1', killOneAt: [], startSeconds: '3', out: 'out' };
const issuesOf = (options: Partial<StartOptions>): readonly string[] => {
  try {
    readRequest({ ...defaults, ...options });
    return [];
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return error.issues.map((issue) => `${issue.path}: ${issue.found}`);
  }
};

describe('a request to start', () => {
  it('is the quickstart for two minutes unless something else is said', () => {
    const request = readRequest(defaults);
    expect(request).toMatchObject({
      title: 'quickstart',
      minutes: 2,
      seed: 1,
      startSeconds: 3,
      killOneAt: [],
      json: false,
    });
    expect(request.app).toMatch(/examples.quickstart.app\.ts$/);
    expect(request.loadModule).toMatch(/examples.quickstart.load\.ts$/);
  });

  it('of a config is the general app with that config', () => {
    const config = file('own.config.ts', '');
    const request = readRequest({ ...defaults, config });
    expect(request.app).toMatch(/bin.app\.ts$/);
    expect(request.context).toEqual({ config });
    expect(request.loadModule).toBeUndefined();
  });

  it.each<[string, Partial<StartOptions>, readonly string[]]>([
    ['an unknown example', { example: 'nope' }, ['--example: nope']],
    ['an example out of its folder', { example: '../lib' }, ['--example: ../lib']],
    ['two things at once', { example: 'quickstart', config: 'x' }, ['--example: both --example and --config']],
    ['a config that is not there', { config: 'nowhere.ts' }, ['--config: nowhere.ts, which is not there']],
    ['a trace that is not there', { trace: 'nowhere.csv' }, ['--trace: nowhere.csv, which is not there']],
    ['minutes that are none', { minutes: 'two' }, ['--minutes: two']],
    ['minutes of nothing', { minutes: '' }, ['--minutes: nothing']],
    ['too many minutes', { minutes: '46' }, ['--minutes: 46']],
    ['half a seed', { seed: '1.5' }, ['--seed: 1.5']],
    ['a negative start-up', { startSeconds: '-1' }, ['--start-seconds: -1']],
    ['a time to kill that is none', { killOneAt: ['5', 'soon'] }, ['--kill-one-at: soon']],
    ['several at once', { minutes: '0', seed: 'x', example: 'nope' }, ['--minutes: 0', '--seed: x', '--example: nope']],
  ])('refuses %s', (_, options, issues) => expect(issuesOf(options)).toEqual(issues));

  it('names the line of a bad trace', () => {
    const trace = file('bad.csv', 'second,jobs\n0,1\n60,many\n');
    expect(issuesOf({ trace })).toEqual([`${trace}:3: "60,many"`]);
  });

  it('says which examples there are, and which was meant', () => {
    expect(() => readRequest({ ...defaults, example: 'quickstat' })).toThrow(
      /one of .*quickstart.*Did you mean quickstart\?/,
    );
  });
});
