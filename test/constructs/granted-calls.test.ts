import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { measure } from '../../lib/constructs/code/bundle.ts';
import { functionBundle } from '../../lib/constructs/code/function-code.ts';
import { packageRoot } from '../../lib/package-files.ts';
import { specOf, stackOf } from './fixtures.ts';
import { statementsOf } from './resolved.ts';

const recorded = { ...specOf('recorded'), source: { image: 'public.ecr.aws/x/y:1', jobs: true } };
const alerts = { rules: { severity: 'warning', afterSeconds: 60, clearSeconds: 300 }, email: [] } as const;
const template = Template.fromStack(stackOf([specOf('convert'), recorded], { alerts })).toJSON();

const grantedTo = (policyName: RegExp): ReadonlySet<string> =>
  new Set(
    statementsOf(template)
      .filter(({ policy }) => policyName.test(policy))
      .flatMap(({ Action }) => Action),
  );

/** IAM actions of the AWS calls in the project's own files behind an entry. */
const calledFrom = (entry: string): ReadonlySet<string> => {
  const own = Object.keys(measure({ entry, folder: '/nowhere' }).inputs).filter(
    (file) => !file.includes('node_modules'),
  );
  return new Set(own.flatMap((file) => callsIn(readFileSync(join(process.cwd(), file), 'utf8'))));
};

const callsIn = (source: string): readonly string[] =>
  [...source.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-(\w+)'/g)].flatMap(([, names = '', client = '']) =>
    [...names.matchAll(/(\w+)Command\b(?!\w)/g)].map(
      ([, call]) => `${client}:${call?.replace(/^(\w+Message\w*)Batch$/, '$1')}`,
    ),
  );

/** The event-source mapping and the log need these, not the code. */
const ofTheRuntime = [
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessage',
  'sqs:GetQueueUrl',
  'sqs:ReceiveMessage',
];

describe('rights and calls', () => {
  test('the tick function may do what its code calls, and nothing more', () => {
    const called = calledFrom(functionBundle('tick').entry);
    const granted = [...grantedTo(/^ScalerTick/)].filter((action) => !ofTheRuntime.includes(action));
    expect(granted.toSorted()).toEqual([...called].toSorted());
  });

  test('a worker may do all that its runtime calls', () => {
    const called = calledFrom(join(packageRoot, 'lib/worker/run-worker.ts'));
    expect(called.size).toBeGreaterThan(3);
    const granted = grantedTo(/^Servicesrecorded/);
    // The store of job records lists for the job API and the sweeper only.
    expect([...called].filter((action) => !granted.has(action))).toEqual(['dynamodb:Query']);
  });
});
