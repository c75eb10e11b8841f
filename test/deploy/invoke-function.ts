import { pathToFileURL } from 'node:url';
import type { SQSBatchResponse } from 'aws-lambda';
import { childEnvironment } from './lane-environment.ts';
import { runWell } from './run-program.ts';

export interface FunctionToInvoke {
  readonly bundle: string;
  readonly name: string;
  /** As the deployed function has it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly endpoint: string;
  readonly home: string;
}

export interface Invocation {
  readonly result: SQSBatchResponse | null;
  /** stdout, then stderr. */
  readonly log: readonly { readonly level: string; readonly message: string; readonly [key: string]: unknown }[];
}

/**
 * One cold start and one invocation: the bundle in a process of its own with the environment of the deployed function
 * and what Lambda adds. The endpoint is the only thing that is not as in AWS.
 */
export const invokeFunction = async (
  { bundle, name, environment, endpoint, home }: FunctionToInvoke,
  event: object,
): Promise<Invocation> => {
  const { stdout, stderr } = await runWell(process.execPath, ['--input-type=module', '-e', program], {
    ...childEnvironment(endpoint, home),
    ...environment,
    AWS_LAMBDA_FUNCTION_NAME: name,
    POWERTOOLS_LOG_LEVEL: 'DEBUG',
    BUNDLE: pathToFileURL(bundle).href,
    EVENT: JSON.stringify(event),
  });
  const lines = stdout.trim().split('\n');
  const result = lines.pop() ?? 'null';
  return {
    result: JSON.parse(result),
    log: [...lines, ...stderr.split('\n')].filter((line) => line !== '').map(entry),
  };
};

type LogEntry = Invocation['log'][number];

/** Whatever is no line of the logger has come past it, and is worth a look. */
const entry = (line: string): LogEntry => (line.startsWith('{') ? JSON.parse(line) : { level: 'WARN', message: line });

const program = `
  const { handler } = await import(process.env.BUNDLE);
  const deadline = Date.now() + 30_000;
  const result = await handler(JSON.parse(process.env.EVENT), {
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    awsRequestId: 'deploy-lane',
    getRemainingTimeInMillis: () => deadline - Date.now(),
  });
  console.log(JSON.stringify(result ?? null));
`;
