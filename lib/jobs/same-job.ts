import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { EpochSeconds } from '../model/units.ts';

/** Who stands for a content while the window lasts. */
export interface SameJobs {
  /** The id that the content belongs to from now on: the given one, or that of the job which came first. */
  claim(tenant: string, contentHash: string, jobId: string, now: EpochSeconds, until: EpochSeconds): Promise<string>;
  /** Gives the content to another job. `false`: somebody else did so first. */
  replace(tenant: string, contentHash: string, from: string, to: string, until: EpochSeconds): Promise<boolean>;
}

export const sameJobs = (dynamo: DynamoDBClient, table: string): SameJobs => {
  const holder = async (tenant: string, contentHash: string): Promise<string | undefined> => {
    const { Item } = await dynamo.send(
      new GetItemCommand({ TableName: table, Key: keyOf(tenant, contentHash), ConsistentRead: true }),
    );
    return Item?.jobId?.S;
  };
  const write = async (
    tenant: string,
    contentHash: string,
    jobId: string,
    until: EpochSeconds,
    condition: { readonly text: string; readonly values: Record<string, { S: string } | { N: string }> },
  ): Promise<boolean> => {
    try {
      await dynamo.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(tenant, contentHash),
          UpdateExpression: 'SET jobId = :jobId, #ttl = :until',
          // DynamoDB deletes what is over only days later, so the time is part of the condition.
          ConditionExpression: condition.text,
          ExpressionAttributeNames: { '#ttl': 'ttl' },
          ExpressionAttributeValues: {
            ':jobId': { S: jobId },
            ':until': { N: String(Math.ceil(until)) },
            ...condition.values,
          },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  return {
    claim: async (tenant, contentHash, jobId, now, until) => {
      const mine = await write(tenant, contentHash, jobId, until, {
        text: 'attribute_not_exists(pk) OR #ttl <= :now OR jobId = :jobId',
        values: { ':now': { N: String(now) } },
      });
      return mine ? jobId : ((await holder(tenant, contentHash)) ?? jobId);
    },
    replace: (tenant, contentHash, from, to, until) =>
      write(tenant, contentHash, to, until, { text: 'jobId = :from', values: { ':from': { S: from } } }),
  };
};

const keyOf = (tenant: string, contentHash: string) => ({
  pk: { S: `SAME#${tenant}#${contentHash}` },
  sk: { S: 'SAME' },
});
