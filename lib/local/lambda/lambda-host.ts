import { GetQueueAttributesCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { BadInput } from '../../model/bad-input.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import { functionArn } from './execution-environment.ts';
import { createFunctionPool, type FunctionPool } from './function-pool.ts';
import type { AsyncConfig, FunctionSpec, InvocationResult, QueueMapping } from './function-spec.ts';
import { defaultAsyncConfig, invokeAsync } from './invoke-async.ts';
import { pollQueue } from './poll-queue.ts';

/** One finished call of a handler. */
export interface Invocation {
  readonly functionName: string;
  readonly startedAt: EpochSeconds;
  readonly durationSeconds: Seconds;
  readonly result: InvocationResult;
}

export interface LambdaHostOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: (queueName: string) => string;
  /** Region, credentials and endpoints for the handlers. Read at each start of a process. */
  readonly awsEnvironment: () => Readonly<Record<string, string>>;
  readonly onFunctionLine: (functionName: string, line: string) => void;
  readonly onInvocation?: (invocation: Invocation) => void;
  /** Processes per function. Default 2: enough for two ticks to race, at 75 MB each. */
  readonly maxConcurrency?: number;
}

/** Runs a template's functions. Names may be given as ARNs everywhere. */
export interface LambdaHost {
  createFunction(spec: FunctionSpec): { readonly name: string; readonly arn: string };
  configureAsyncInvocation(functionName: string, config: AsyncConfig): void;
  /** Starts polling. Throws BadInput for what Lambda would refuse. */
  mapQueue(mapping: QueueMapping): Promise<void>;
  /** Waits for the answer. Rejects with BadInput when there is no such function. */
  invoke(functionName: string, payload: string): Promise<InvocationResult>;
  /** Takes the event and returns; failures are tried again as the function's EventInvokeConfig says. */
  invokeAsync(functionName: string, payload: string): void;
  /** What Scheduler does with its target: an asynchronous invocation, or a message to a queue. Rejects for other ARNs. */
  deliver(targetArn: string, input: string): Promise<void>;
  readonly functions: readonly FunctionSpec[];
  /** Ends pollers and processes, at once. Idempotent. */
  stop(): Promise<void>;
}

export const createLambdaHost = (options: LambdaHostOptions): LambdaHost => {
  const pools = new Map<string, FunctionPool>();
  const asyncConfigs = new Map<string, AsyncConfig>();
  const stopping = new AbortController();
  const pollers: Promise<void>[] = [];

  const poolOf = (functionName: string): FunctionPool => {
    const pool = pools.get(simpleName(functionName));
    if (pool) return pool;
    throw new BadInput([
      {
        path: 'AWS::Lambda::Function',
        found: functionName,
        expected: [...pools.keys()].join(', ') || 'a function of the template',
        mend: 'Name a function of the template.',
      },
    ]);
  };
  const run = async (pool: FunctionPool, payload: string): Promise<InvocationResult> => {
    const startedMs = Date.now();
    const result = await pool.invoke(payload);
    options.onInvocation?.({
      functionName: pool.spec.name,
      startedAt: startedMs / 1000,
      durationSeconds: (Date.now() - startedMs) / 1000,
      result,
    });
    return result;
  };
  const sendToQueue = async (queueArn: string, body: string, attributes: Readonly<Record<string, string>> = {}) => {
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    );
    const QueueUrl = options.queueUrl(simpleName(queueArn));
    await options.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body, MessageAttributes }));
  };
  const startAsync = (functionName: string, payload: string): void => {
    const pool = poolOf(functionName);
    const { name, deadLetterArn } = pool.spec;
    void invokeAsync(name, payload, {
      invoke: (event) => run(pool, event),
      config: asyncConfigs.get(name) ?? defaultAsyncConfig,
      ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
      sendToQueue,
      stopping: stopping.signal,
    });
  };

  return {
    createFunction: (spec) => {
      const onLine = (line: string) => options.onFunctionLine(spec.name, line);
      pools.set(spec.name, createFunctionPool(spec, options.maxConcurrency ?? 2, options.awsEnvironment, onLine));
      return { name: spec.name, arn: functionArn(spec.name) };
    },
    configureAsyncInvocation: (functionName, config) => {
      asyncConfigs.set(poolOf(functionName).spec.name, config);
    },
    mapQueue: async (mapping) => {
      const pool = poolOf(mapping.functionName);
      const queueUrl = options.queueUrl(simpleName(mapping.queueArn));
      await checkVisibility(options.sqs, queueUrl, pool.spec);
      const { spec } = pool;
      const slots = Math.min(pool.maxConcurrency, mapping.maximumConcurrency ?? pool.maxConcurrency);
      const onError = (text: string) => options.onFunctionLine(spec.name, text);
      const invoke = (payload: string) => run(pool, payload);
      const poller = { sqs: options.sqs, queueUrl, mapping, invoke, onError, stopping: stopping.signal };
      for (let slot = 0; slot < slots; slot++) pollers.push(pollQueue(poller));
    },
    invoke: async (functionName, payload) => run(poolOf(functionName), payload),
    invokeAsync: startAsync,
    deliver: async (targetArn, input) => {
      if (targetArn.startsWith('arn:aws:sqs:')) await sendToQueue(targetArn, input);
      else startAsync(targetArn, input);
    },
    get functions() {
      return [...pools.values()].map((pool) => pool.spec);
    },
    stop: async () => {
      stopping.abort();
      await Promise.all([...pools.values()].map((pool) => pool.stop()));
      await Promise.all(pollers);
    },
  };
};

/** The last part of an ARN, without a qualifier for functions; a plain name stays as it is. */
const simpleName = (nameOrArn: string): string => {
  if (!nameOrArn.startsWith('arn:')) return nameOrArn;
  const parts = nameOrArn.split(':');
  return (parts[2] === 'lambda' ? parts[6] : parts[5]) ?? nameOrArn;
};

/** Lambda refuses such a mapping: a message would come back while it is still being worked on. */
const checkVisibility = async (sqs: SQSClient, QueueUrl: string, spec: FunctionSpec): Promise<void> => {
  const answer = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout'] }));
  const visibilitySeconds = Number(answer.Attributes?.VisibilityTimeout);
  if (visibilitySeconds >= spec.timeoutSeconds) return;
  throw new BadInput([
    {
      path: `event source mapping of ${spec.name}`,
      found: `a queue with a visibility timeout of ${visibilitySeconds} s`,
      expected: `at least the function's timeout, ${spec.timeoutSeconds} s (AWS advises six times that)`,
      mend: 'Raise the visibility timeout of the queue, or lower the timeout of the function.',
    },
  ]);
};
