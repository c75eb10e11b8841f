import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { usageFrom } from '../../../lib/report/usage/read-usage.ts';
import { usageToFile } from '../../../lib/report/usage/usage-to-file.ts';

/** Goal: what is recorded and read again is the same to the last field, through JSON. */
const example = usageFrom(JSON.parse(readFileSync('examples/cost-report/usage.json', 'utf8')));
const again = (usage: typeof example) => usageFrom(JSON.parse(JSON.stringify(usageToFile(usage))));

it('the example', () => {
  expect(again(example)).toEqual(example);
});

it('fields that few files have', () => {
  const [service] = example.services;
  const [instance] = example.instances;
  if (service === undefined || instance === undefined) throw new Error('the example has both');
  const usage = {
    ...example,
    services: [
      {
        ...service,
        label: 'one (us-east-1)',
        sizeSince: example.from + 7200,
        overheads: [{ what: 'SQS', usdPerHour: 0.1 }],
        arrivalsByMinute: [1, 2, 3],
      },
    ],
    instances: [{ ...instance, label: 'other', sizeSince: example.from }],
    ownUsdPerMonth: 1.3,
  };
  expect(again(usage)).toEqual(usage);
});
