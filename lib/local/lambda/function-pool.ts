import { type ExecutionEnvironment, startExecutionEnvironment } from './execution-environment.ts';
import type { FunctionSpec, InvocationResult } from './function-spec.ts';

/** The environments of one function: as many as there are events at the same time, up to a limit. */
export interface FunctionPool {
  readonly spec: FunctionSpec;
  readonly maxConcurrency: number;
  /** Waits for a free environment when all are busy. Never rejects. */
  invoke(payload: string): Promise<InvocationResult>;
  stop(): Promise<void>;
}

/** `awsEnvironment` is read at each start of an environment, since endpoints may come later. */
export const createFunctionPool = (
  spec: FunctionSpec,
  hostLimit: number,
  awsEnvironment: () => Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): FunctionPool => {
  const maxConcurrency = Math.min(hostLimit, spec.reservedConcurrency ?? hostLimit);
  const idle: ExecutionEnvironment[] = [];
  const all = new Set<ExecutionEnvironment>();
  const waiting: (() => void)[] = [];
  let busy = 0;
  let stopped = false;

  const takeEnvironment = (): ExecutionEnvironment => {
    // The warmest first, so that a quiet function needs one process only.
    const warm = idle.pop();
    if (warm?.alive) return warm;
    if (warm) all.delete(warm);
    const fresh = startExecutionEnvironment(spec, awsEnvironment(), onLine);
    all.add(fresh);
    return fresh;
  };
  const giveBack = (environment: ExecutionEnvironment): void => {
    if (environment.alive) idle.push(environment);
    else all.delete(environment);
  };
  const freeSlot = async (): Promise<void> => {
    if (busy >= maxConcurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    else busy++;
  };
  const passSlotOn = (): void => {
    const next = waiting.shift();
    if (next) next();
    else busy--;
  };

  return {
    spec,
    maxConcurrency,
    invoke: async (payload) => {
      if (maxConcurrency === 0) return failure('TooManyRequestsException', 'Rate Exceeded: reserved concurrency is 0');
      await freeSlot();
      try {
        if (stopped) return failure('Sandbox.Stopped', 'the local cloud is stopping');
        const environment = takeEnvironment();
        const result = await environment.invoke(payload);
        giveBack(environment);
        return result;
      } finally {
        passSlotOn();
      }
    },
    stop: async () => {
      stopped = true;
      await Promise.all([...all].map((environment) => environment.kill()));
    },
  };
};

const failure = (errorType: string, errorMessage: string): InvocationResult => ({
  ok: false,
  error: { errorType, errorMessage },
});
