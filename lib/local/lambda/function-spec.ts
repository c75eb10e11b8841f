import type { Seconds } from '../../model/units.ts';

/** A function as its template describes it. */
export interface FunctionSpec {
  readonly name: string;
  /** Absolute path of the unpacked code. */
  readonly directory: string;
  /** `index.handler`: file without extension, then the export. */
  readonly handler: string;
  /** The variables of the template, nothing else. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: Seconds;
  readonly memoryMiB: number;
  /** Absent: as many as the host allows. 0: every invocation is throttled. */
  readonly reservedConcurrency?: number;
  /** Where asynchronous events end that failed for good: the ARN of a queue. */
  readonly deadLetterArn?: string;
}

/** AWS::Lambda::EventInvokeConfig. */
export interface AsyncConfig {
  readonly retryAttempts: number;
  readonly maxEventAgeSeconds: Seconds;
  readonly onFailureArn?: string;
  readonly onSuccessArn?: string;
}

/** AWS::Lambda::EventSourceMapping on an SQS queue. */
export interface QueueMapping {
  readonly queueArn: string;
  /** Name or ARN. */
  readonly functionName: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: Seconds;
  /** False: one failure sends the whole batch back. */
  readonly reportsItemFailures: boolean;
  readonly maximumConcurrency?: number;
}

/** What a handler threw, or why there is no answer. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** `payload` is JSON text, as the handler returned it. */
export type InvocationResult =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly error: FunctionError };
