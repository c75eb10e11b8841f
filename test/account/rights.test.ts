import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { reportActions } from '../../lib/model/report-rights.ts';

/**
 * Goal: the list of rights is what the sources call, no more and no less.
 * Method: the commands and paginators of the SDK that lib/account imports, read from its text.
 */
const services: Readonly<Record<string, string>> = {
  'client-cloudwatch': 'cloudwatch',
  'client-cost-explorer': 'ce',
  'client-dynamodb': 'dynamodb',
  'client-ec2': 'ec2',
  'client-ecs': 'ecs',
  'client-elasticache': 'elasticache',
  'client-pricing': 'pricing',
  'client-rds': 'rds',
  'client-savingsplans': 'savingsplans',
  'client-ssm': 'ssm',
  'client-sts': 'sts',
};

/** Of the cache, which a laptop does not need; and what other folders call for us. */
const ofTheCache = ['dynamodb:GetItem', 'dynamodb:PutItem'];
const ofOtherFolders = ['dynamodb:Query', 'ssm:GetParametersByPath'];

const called = (): readonly string[] => {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'lib/account'], {
    encoding: 'utf8',
  });
  return files
    .trim()
    .split('\n')
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/import \{([^}]*)\} from '@aws-sdk\/([\w-]+)'/g)])
    .flatMap(([, names = '', client = '']) =>
      names.split(',').flatMap((name) => {
        const operation = /^paginate(\w+)$/.exec(name.trim())?.[1] ?? /^(\w+)Command$/.exec(name.trim())?.[1];
        return operation === undefined ? [] : [`${services[client]}:${operation}`];
      }),
    );
};

it('rights are what is called', () => {
  const wanted = [...new Set([...called(), ...ofOtherFolders])].filter((action) => !ofTheCache.includes(action));
  expect(reportActions()).toEqual(wanted.sort());
});

it('the page names every right', () => {
  const page = readFileSync('docs/report.md', 'utf8');
  expect(reportActions().filter((action) => !page.includes(action.split(':')[1] ?? ''))).toEqual([]);
});
