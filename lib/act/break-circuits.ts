import { admit, type Circuit, closedCircuit, failed, succeeded } from '../model/circuit-breaker.ts';
import type { EpochSeconds } from '../model/units.ts';

/** The call was not made: the dependency failed often enough just now. */
export class CircuitOpen extends Error {
  readonly dependency: string;

  constructor(dependency: string, until: EpochSeconds, now: EpochSeconds) {
    super(`${dependency} failed 5 times in a row; it is asked again in ${Math.max(1, Math.ceil(until - now))} s`);
    this.name = 'CircuitOpen';
    this.dependency = dependency;
  }
}

/** The part of an SDK client that this needs. */
export interface BreakableClient {
  readonly middlewareStack: {
    add(middleware: Middleware, options: { step: 'initialize'; name: string; priority: 'high' }): void;
  };
}
type Handler = (args: { input: object }) => Promise<object>;
// biome-ignore lint/suspicious/noExplicitAny: the SDK's own middleware types are generic over every command's input and output.
type Middleware = (next: any) => any;

/**
 * Puts a circuit around every call of a client: one for each thing that can be broken by itself (a queue, a cluster, a
 * table), so that a broken one never silences its neighbours. Retries happen inside: a failure is one that outlived them.
 *
 * @param name the dependency's name in errors
 * @param partOf the part that a call's input addresses; the whole service when undefined
 */
export const breakCircuits = (
  client: BreakableClient,
  name: string,
  clock: { now(): EpochSeconds },
  partOf: (input: object) => string | undefined = addressed,
): void => {
  const circuits = new Map<string, Circuit>();
  const middleware =
    (next: Handler): Handler =>
    async (args) => {
      const part = partOf(args.input);
      const key = part === undefined ? name : `${name} (${part})`;
      const before = circuits.get(key) ?? closedCircuit;
      const admitted = admit(before, clock.now());
      if (admitted === undefined) throw new CircuitOpen(key, before.openUntil, clock.now());
      circuits.set(key, admitted);
      const note = (next: Circuit): void => {
        // Healthy parts are forgotten: the map holds trouble only.
        if (next === closedCircuit) circuits.delete(key);
        else circuits.set(key, next);
      };
      try {
        const result = await next(args);
        note(succeeded(circuits.get(key) ?? closedCircuit));
        return result;
      } catch (error) {
        const circuit = circuits.get(key) ?? closedCircuit;
        note(isTrouble(error) ? failed(circuit, clock.now()) : succeeded(circuit));
        throw error;
      }
    };
  client.middlewareStack.add(middleware, { step: 'initialize', name: 'circuitBreaker', priority: 'high' });
};

/** What a call is about, by the names that the SDK's inputs use. */
const addressed = (input: object): string | undefined => {
  const { QueueUrl, TableName, cluster, service, Path } = input as Readonly<Record<string, unknown>>;
  // UpdateService can fail for one service alone; DescribeServices is about a cluster.
  const parts = [QueueUrl, TableName, cluster, service, Path].filter((part) => typeof part === 'string');
  return parts.length === 0 ? undefined : parts.join(' ');
};

/** An answer that blames the caller is an answer: the dependency works. */
const isTrouble = (error: unknown): boolean => {
  const { name, $metadata, $retryable } = error as {
    name?: string;
    $metadata?: { httpStatusCode?: number };
    $retryable?: unknown;
  };
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return true;
  return (
    status >= 500 ||
    status === 429 ||
    $retryable !== undefined ||
    /Throttl|RequestLimit|TooManyRequests/.test(name ?? '')
  );
};
