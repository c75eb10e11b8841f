import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DecisionLog } from '../../../lib/act/decision-log.ts';
import { tailDecisions } from '../../../lib/cli/start/tail-decisions.ts';
import { createAwsClients } from '../../../lib/local/aws-clients.ts';
import { clientEnvironment } from '../../../lib/local/client-environment.ts';
import { type DynamoDbEmulator, startDynamoDb } from '../../../lib/local/emulators/start-dynamodb.ts';
import type { DecisionRecord } from '../../../lib/model/decision.ts';
import { decision } from '../../report/run/run-fixture.ts';

let emulator: DynamoDbEmulator;
beforeAll(async () => {
  emulator = await startDynamoDb();
});
afterAll(() => emulator.stop());

it('tells each decision once, as the log grows', async () => {
  const { endpoint } = emulator;
  const { dynamoDb } = createAwsClients(
    clientEnvironment({ messaging: endpoint, dynamoDb: endpoint, controlPlane: endpoint }),
  );
  await dynamoDb.send(
    new CreateTableCommand({
      TableName: 'state',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    }),
  );
  // The tail looks at today's part of the log, so these decisions are of today.
  const now = Math.floor(Date.now() / 1000);
  const today = (ago: number, service = 'thumbnails'): DecisionRecord => {
    const { observation, ...record } = decision(0, 1, 2, { at: now - ago, service });
    return { ...record, observation: { ...observation, now: now - ago } };
  };
  const log = new DecisionLog(dynamoDb, 'state', 0);
  const write = (...records: readonly DecisionRecord[]) => log.write(records, now, new AbortController().signal);
  const tail = tailDecisions(dynamoDb, 'state', 'thumbnails', now - 10);
  const seconds = async () => (await tail()).map((record) => now - record.decision.at);

  await write(today(20));
  await write(today(8));
  await write(today(6), today(6, 'other'));
  expect(await seconds()).toEqual([8, 6]);
  expect(await seconds()).toEqual([]);
  await write(today(4));
  expect(await seconds()).toEqual([4]);
});
