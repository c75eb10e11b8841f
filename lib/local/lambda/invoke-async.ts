import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { functionArn } from './execution-environment.ts';
import type { AsyncConfig, InvocationResult } from './function-spec.ts';

/** What an asynchronous invocation needs from its surroundings. */
export interface AsyncSurroundings {
  readonly invoke: (payload: string) => Promise<InvocationResult>;
  readonly config: AsyncConfig;
  readonly deadLetterArn?: string;
  readonly sendToQueue: (
    queueArn: string,
    body: string,
    attributes?: Readonly<Record<string, string>>,
  ) => Promise<void>;
  /** Ends the waits between attempts. */
  readonly stopping: AbortSignal;
}

export const defaultAsyncConfig: AsyncConfig = { retryAttempts: 2, maxEventAgeSeconds: 21_600 };

/** Lambda waits one minute before the second attempt and two before the third. */
const retryDelaysSeconds = [60, 120];

/** Runs one event of the asynchronous queue to its end: success, the last retry, or too old. Never rejects. */
export const invokeAsync = async (functionName: string, payload: string, around: AsyncSurroundings): Promise<void> => {
  const acceptedMs = Date.now();
  for (let attempt = 1; ; attempt++) {
    const result = await around.invoke(payload);
    if (around.stopping.aborted) return;
    const outcome = (condition: string) => record(functionName, payload, condition, attempt, result);
    if (result.ok) return notify(around, around.config.onSuccessArn, outcome('Success'));
    const waitSeconds = retryDelaysSeconds[attempt - 1] ?? Number.POSITIVE_INFINITY;
    const ageThenSeconds = (Date.now() - acceptedMs) / 1000 + waitSeconds;
    const exhausted = attempt > around.config.retryAttempts;
    if (exhausted || ageThenSeconds > around.config.maxEventAgeSeconds) {
      await notify(around, around.config.onFailureArn, outcome(exhausted ? 'RetriesExhausted' : 'EventAgeExceeded'));
      return deadLetter(around, payload, result);
    }
    await delay(waitSeconds * 1000, undefined, { signal: around.stopping }).catch(() => undefined);
    if (around.stopping.aborted) return;
  }
};

const notify = async (around: AsyncSurroundings, queueArn: string | undefined, body: object): Promise<void> => {
  if (queueArn !== undefined) await around.sendToQueue(queueArn, JSON.stringify(body)).catch(() => undefined);
};

const deadLetter = async (around: AsyncSurroundings, payload: string, result: InvocationResult): Promise<void> => {
  if (around.deadLetterArn === undefined || result.ok) return;
  const attributes = { ErrorMessage: result.error.errorMessage.slice(0, 1_000) || 'unknown' };
  await around.sendToQueue(around.deadLetterArn, payload, attributes).catch(() => undefined);
};

/** The document that Lambda sends to a destination. */
const record = (
  functionName: string,
  payload: string,
  condition: string,
  attempts: number,
  result: InvocationResult,
): object => ({
  version: '1.0',
  timestamp: new Date().toISOString(),
  requestContext: {
    requestId: randomUUID(),
    functionArn: `${functionArn(functionName)}:$LATEST`,
    condition,
    approximateInvokeCount: attempts,
  },
  requestPayload: JSON.parse(payload),
  responseContext: {
    statusCode: 200,
    executedVersion: '$LATEST',
    ...(result.ok ? {} : { functionError: 'Unhandled' }),
  },
  responsePayload: result.ok ? JSON.parse(result.payload) : result.error,
});
