import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Payload } from '../../model/job-record.ts';
import type { EpochSeconds } from '../../model/units.ts';
import type { Workflow, WorkflowRef, WorkflowState } from './workflow.ts';

/** Workflows in the jobs table: an item for the plan, and one that is written with each part that ends. */
export interface WorkflowStore {
  /** @returns the plan that counts: the first one that was kept under this id */
  keepPlan(ref: WorkflowRef, plan: Payload): Promise<Payload>;
  plan(ref: WorkflowRef): Promise<Payload | undefined>;
  /** @returns what is in the table then: the given one, or that which was there before */
  create(workflow: Workflow): Promise<Workflow>;
  get(ref: WorkflowRef): Promise<Workflow | undefined>;
  /** Counts a part once, however often it is told. @returns the workflow after it; undefined: there is none */
  countPart(ref: WorkflowRef, index: number, ended: 'done' | 'failed'): Promise<Workflow | undefined>;
  /** `false`: it was in none of the states `from`. */
  move(ref: WorkflowRef, from: readonly WorkflowState[], to: WorkflowState, at: EpochSeconds): Promise<boolean>;
  /** The oldest ones of a state. */
  list(tenant: string, state: WorkflowState, limit: number): Promise<readonly WorkflowRef[]>;
}

/**
 * Which parts have ended is a set of numbers in the item, so that counting is one write that may be repeated: no
 * counter and mark of two items that a crash could tear apart. Whoever adds the last one sees the set complete.
 */
export const dynamoWorkflowStore = (dynamo: DynamoDBClient, table: string): WorkflowStore => {
  const read = async (Key: Record<string, AttributeValue>) => {
    const { Item } = await dynamo.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
    return Item;
  };
  const get = async (ref: WorkflowRef): Promise<Workflow | undefined> => {
    const item = await read(keyOf(ref));
    return item === undefined ? undefined : toWorkflow(item);
  };
  const plan = async (ref: WorkflowRef): Promise<Payload | undefined> => {
    const item = await read(planKey(ref));
    if (item === undefined) return undefined;
    return item.payloadKey?.S === undefined
      ? { inline: item.payload?.S ?? '' }
      : { s3Key: item.payloadKey.S, bytes: Number(item.payloadBytes?.N ?? 0) };
  };
  const create = (Item: Record<string, AttributeValue>) =>
    ifMet(() =>
      dynamo.send(new PutItemCommand({ TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' })),
    );
  const ifMet = async <T>(write: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await write();
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  };

  return {
    get,
    plan,
    keepPlan: async (ref, given) => {
      const text =
        'inline' in given
          ? { payload: { S: given.inline } }
          : { payloadKey: { S: given.s3Key }, payloadBytes: { N: String(given.bytes) } };
      const created = await create({ ...planKey(ref), ...text });
      return created === undefined ? ((await plan(ref)) ?? given) : given;
    },
    create: async (workflow) => {
      const created = await create(toItem(workflow));
      return created === undefined ? ((await get(workflow)) ?? workflow) : workflow;
    },
    countPart: async (ref, index, ended) => {
      const counted = await ifMet(() =>
        dynamo.send(
          new UpdateItemCommand({
            TableName: table,
            Key: keyOf(ref),
            // A part that failed and came back from the dead letters counts as what it is in the end.
            UpdateExpression: ended === 'done' ? 'ADD doneParts :one DELETE failedParts :one' : 'ADD failedParts :one',
            ConditionExpression:
              ended === 'done' ? 'attribute_exists(pk)' : 'attribute_exists(pk) AND NOT contains(doneParts, :index)',
            ExpressionAttributeValues: {
              ':one': { NS: [String(index)] },
              ...(ended === 'done' ? {} : { ':index': { N: String(index) } }),
            },
            ReturnValues: 'ALL_NEW',
          }),
        ),
      );
      return counted?.Attributes === undefined ? get(ref) : toWorkflow(counted.Attributes);
    },
    move: async (ref, from, to, at) => {
      const over = to === 'done' || to === 'failed';
      const moved = await ifMet(() =>
        dynamo.send(
          new UpdateItemCommand({
            TableName: table,
            Key: keyOf(ref),
            UpdateExpression: `SET #state = :to, tenantState = :list${over ? ', finishedAt = :at, #ttl = :ttl' : ''}`,
            ConditionExpression: `#state IN (${from.map((_, i) => `:from${i}`).join(', ')})`,
            ExpressionAttributeNames: { '#state': 'state', ...(over ? { '#ttl': 'ttl' } : {}) },
            ExpressionAttributeValues: {
              ':to': { S: to },
              ':list': { S: listKey(ref.tenant, to) },
              ...Object.fromEntries(from.map((state, i) => [`:from${i}`, { S: state }])),
              ...(over ? { ':at': { N: String(at) }, ':ttl': { N: String(Math.ceil(at + keepSeconds)) } } : {}),
            },
          }),
        ),
      );
      return moved !== undefined;
    },
    list: async (tenant, state, limit) => {
      const { Items } = await dynamo.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'byState',
          KeyConditionExpression: 'tenantState = :list',
          ExpressionAttributeValues: { ':list': { S: listKey(tenant, state) } },
          Limit: limit,
        }),
      );
      return (Items ?? []).map((item) => ({ tenant, workflowId: item.workflowId?.S ?? '' }));
    },
  };
};

const keepSeconds = 30 * 86_400;
const keyOf = ({ tenant, workflowId }: WorkflowRef) => ({
  pk: { S: `FLOW#${tenant}#${workflowId}` },
  sk: { S: 'FLOW' },
});
const planKey = (ref: WorkflowRef) => ({ ...keyOf(ref), sk: { S: 'PLAN' } });
/** Beside the job states in the same index. */
const listKey = (tenant: string, state: WorkflowState): string => `${tenant}#workflow-${state}`;

const toItem = (workflow: Workflow): Record<string, AttributeValue> => ({
  ...keyOf(workflow),
  tenant: { S: workflow.tenant },
  workflowId: { S: workflow.workflowId },
  state: { S: workflow.state },
  tenantState: { S: listKey(workflow.tenant, workflow.state) },
  submittedAt: { N: String(workflow.startedAt) },
  total: { N: String(workflow.total) },
  joinId: { S: workflow.joinId },
});

const toWorkflow = (item: Record<string, AttributeValue>): Workflow => ({
  tenant: item.tenant?.S ?? '',
  workflowId: item.workflowId?.S ?? '',
  state: (item.state?.S ?? 'starting') as WorkflowState,
  total: Number(item.total?.N ?? 0),
  done: item.doneParts?.NS?.length ?? 0,
  failed: item.failedParts?.NS?.length ?? 0,
  joinId: item.joinId?.S ?? '',
  startedAt: Number(item.submittedAt?.N ?? 0),
  ...(item.finishedAt?.N === undefined ? {} : { finishedAt: Number(item.finishedAt.N) }),
});
