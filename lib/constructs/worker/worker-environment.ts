import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { ServicePlan } from '../../model/plan.ts';
import type { ServiceQueue } from '../service-queue.ts';

export interface WorkerEnvironmentProps {
  readonly stage: string;
  readonly plan: ServicePlan;
  readonly queues: readonly ServiceQueue[];
  readonly table: dynamodb.ITable;
  readonly beatSeconds: number;
}

/** The contract with the worker runtime (docs/architecture.md, "Worker container environment"). */
export const workerEnvironment = (props: WorkerEnvironmentProps): Record<string, string> => ({
  SLUICE_STAGE: props.stage,
  SLUICE_SERVICE: props.plan.service,
  SLUICE_TABLE: props.table.tableName,
  // Tokens survive JSON.stringify, and a queue URL holds nothing that JSON would have to escape.
  SLUICE_QUEUES: JSON.stringify(props.plan.queues.map((queue) => describeQueue(queue, props.queues))),
  SLUICE_CONCURRENCY: String(props.plan.worker.concurrency),
  SLUICE_STOP_TIMEOUT_SECONDS: String(props.plan.worker.stopTimeoutSeconds),
  SLUICE_BEAT_SECONDS: String(props.beatSeconds),
  // A minute, as CloudWatch has it; shorter where the tick is meant for local runs.
  SLUICE_SIGNAL_SECONDS: String(Math.min(60, 6 * props.plan.tickSeconds)),
});

const describeQueue = (plan: ServicePlan['queues'][number], queues: readonly ServiceQueue[]): object => {
  const { queue, deadLetterQueue } = queueOf(plan.name, queues);
  return {
    name: plan.name,
    url: queue.queueUrl,
    startWithinSeconds: plan.startWithinSeconds,
    fifo: plan.fifo,
    ...(deadLetterQueue === undefined ? {} : { deadLetterUrl: deadLetterQueue.queueUrl }),
  };
};

/** The queue that stands behind a name of the plan. */
export const queueOf = (name: string, queues: readonly ServiceQueue[]): ServiceQueue => {
  const found = queues.find((queue) => queue.name === name);
  if (found === undefined) {
    const given = queues.map((queue) => queue.name).join(', ') || 'none';
    throw new Error(`The plan names a queue ${name}, but no queue of that name was given (given: ${given}).`);
  }
  return found;
};
