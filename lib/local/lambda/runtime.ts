/**
 * What runs inside a function's process: loads the handler and calls it for each event, as Lambda's Node.js runtime
 * does. Started by `execution-environment.ts` with an IPC channel; its own variables are the function's.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionError } from './function-spec.ts';
import type { FromRuntime, Invoke } from './runtime-protocol.ts';

type Handler = (event: unknown, context: object) => unknown;

// When the host dies, however it dies, nobody is left to stop this process.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; the host decides when functions end.
process.on('SIGINT', () => undefined);

const main = async (): Promise<void> => {
  const handler = await loadHandler(process.env.LAMBDA_TASK_ROOT ?? '', process.env._HANDLER ?? '');
  process.on('message', (message: Invoke) => void invoke(handler, message));
  send({ type: 'ready' });
};

const loadHandler = async (root: string, name: string): Promise<Handler> => {
  const dot = name.lastIndexOf('.');
  const file = ['.js', '.mjs', '.cjs'].map((end) => join(root, name.slice(0, dot) + end)).find(existsSync);
  if (file === undefined)
    throw runtimeError('ImportModuleError', `Cannot find module '${name.slice(0, dot)}' in ${root}`);
  const module = await import(pathToFileURL(file).href);
  const handler = module[name.slice(dot + 1)] ?? module.default?.[name.slice(dot + 1)];
  if (typeof handler !== 'function') throw runtimeError('HandlerNotFound', `${name} is undefined or not exported`);
  return handler;
};

const invoke = async (handler: Handler, { requestId, payload, deadlineMs, functionArn }: Invoke): Promise<void> => {
  const context = {
    awsRequestId: requestId,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: functionArn,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  };
  try {
    const result = await handler(JSON.parse(payload), context);
    send({ type: 'done', requestId, payload: JSON.stringify(result) ?? 'null' });
  } catch (thrown) {
    send({ type: 'failed', requestId, error: describe(thrown) });
  }
};

/** Lambda writes what a handler threw into the function's log. */
const describe = (thrown: unknown): FunctionError => {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const described = { errorType: error.name, errorMessage: error.message };
  console.error(JSON.stringify({ ...described, stack: error.stack?.split('\n') }));
  return described;
};

const runtimeError = (name: string, message: string): Error =>
  Object.assign(new Error(message), { name: `Runtime.${name}` });

const send = (message: FromRuntime): void => {
  process.send?.(message);
};

main().catch((thrown: unknown) => {
  process.send?.({ type: 'initError', error: describe(thrown) } satisfies FromRuntime, () => process.exit(1));
});
