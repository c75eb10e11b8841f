import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { programFile } from '../../package-files.ts';
import { hostEnvironment, localAccount, localRegion } from '../client-environment.ts';
import type { FunctionError, FunctionSpec, InvocationResult } from './function-spec.ts';
import type { FromRuntime, Invoke } from './runtime-protocol.ts';

/** One process of a function. Takes one event at a time, as on Lambda. */
export interface ExecutionEnvironment {
  /** Never rejects. After a time-out or a crash `alive` is false and another environment must be made. */
  invoke(payload: string): Promise<InvocationResult>;
  readonly alive: boolean;
  kill(): Promise<void>;
}

const runtimeFile = programFile('lib/local/lambda/runtime');
/** Lambda gives the import of the code ten seconds, whatever the function's timeout. */
const initTimeoutMs = 10_000;

/**
 * Starts a function's process.
 *
 * A child process and not a worker thread, though a thread needs 40 MB less: in a thread the host's time zone leaks
 * into `Date` (Lambda is UTC), `process.chdir` and V8 flags throw, and the memory limit and `process.exit` are not
 * the process's own. The price, that a child can outlive its parent, is paid by the runtime: it ends when the IPC channel does.
 */
export const startExecutionEnvironment = (
  spec: FunctionSpec,
  awsEnvironment: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): ExecutionEnvironment => {
  const child = spawn(process.execPath, [`--max-old-space-size=${spec.memoryMiB}`, runtimeFile], {
    cwd: spec.directory,
    env: { ...hostEnvironment(), ...awsEnvironment, ...lambdaEnvironment(spec), ...spec.environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  forwardLines(child.stdout, onLine);
  forwardLines(child.stderr, onLine);
  const exited = once(child, 'exit').catch(() => undefined);
  let alive = true;
  const exit = new Promise<FunctionError>((resolve) => {
    const ended = (errorMessage: string) => {
      alive = false;
      resolve({ errorType: 'Runtime.ExitError', errorMessage });
    };
    child.once('error', (error) => ended(`the function's process did not start: ${error.message}`));
    child.once('exit', (code, signal) => ended(`Runtime exited with ${signal ?? `code ${code}`}`));
  });
  const conversation = { child, exit };
  const ready = withTimeout(initialised(conversation), initTimeoutMs, 'initialisation');
  const kill = async () => {
    alive = false;
    child.kill('SIGKILL');
    await exited;
  };
  const fail = async (error: FunctionError): Promise<InvocationResult> => {
    await kill();
    return { ok: false, error };
  };
  return {
    get alive() {
      return alive;
    },
    kill,
    invoke: async (payload) => {
      const initError = await ready;
      if (initError) return fail(initError);
      const timeoutMs = spec.timeoutSeconds * 1000;
      const request: Invoke = {
        requestId: randomUUID(),
        payload,
        deadlineMs: Date.now() + timeoutMs,
        functionArn: functionArn(spec.name),
      };
      const answer = await withTimeout(answered(conversation, request), timeoutMs, request.requestId);
      if ('ok' in answer) return answer;
      if (answer.errorType === 'Sandbox.Timedout') onLine(answer.errorMessage);
      return fail(answer);
    },
  };
};

export const functionArn = (name: string): string => `arn:aws:lambda:${localRegion}:${localAccount}:function:${name}`;

interface Conversation {
  readonly child: ChildProcess;
  readonly exit: Promise<FunctionError>;
}

/** Undefined once the handler is loaded. */
const initialised = ({ child, exit }: Conversation): Promise<FunctionError | undefined> =>
  Promise.race([
    exit,
    new Promise<FunctionError | undefined>((resolve) => {
      child.once('message', (message: FromRuntime) =>
        resolve(message.type === 'initError' ? message.error : undefined),
      );
    }),
  ]);

const answered = ({ child, exit }: Conversation, request: Invoke): Promise<InvocationResult | FunctionError> =>
  Promise.race([
    exit,
    new Promise<InvocationResult>((resolve) => {
      child.once('message', (message: FromRuntime) => {
        if (message.type === 'done') resolve({ ok: true, payload: message.payload });
        if (message.type === 'failed') resolve({ ok: false, error: message.error });
      });
      // A closed channel shows as an exit.
      if (child.connected) child.send(request, () => undefined);
    }),
  ]);

const withTimeout = async <T>(work: Promise<T>, limitMs: number, what: string): Promise<T | FunctionError> => {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<FunctionError>((resolve) => {
    const errorMessage = `${new Date().toISOString()} ${what} Task timed out after ${(limitMs / 1000).toFixed(2)} seconds`;
    timer = setTimeout(() => resolve({ errorType: 'Sandbox.Timedout', errorMessage }), limitMs);
  });
  try {
    return await Promise.race([work, expiry]);
  } finally {
    clearTimeout(timer);
  }
};

const lambdaEnvironment = (spec: FunctionSpec): Readonly<Record<string, string>> => ({
  TZ: ':UTC',
  LANG: 'en_US.UTF-8',
  LAMBDA_TASK_ROOT: spec.directory,
  _HANDLER: spec.handler,
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_NAME: spec.name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMiB),
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${spec.name}`,
  AWS_LAMBDA_LOG_STREAM_NAME: 'local',
});

const forwardLines = (stream: Readable | null, onLine: (line: string) => void): void => {
  if (stream) createInterface({ input: stream }).on('line', onLine);
};
