import type { ServiceBinding } from '../model/binding.ts';
import type { Seconds } from '../model/units.ts';
import { type AwsClients, createAwsClients } from './aws-clients.ts';
import { clientEnvironment, hostEnvironment, localAccount, localRegion } from './client-environment.ts';
import type { ControlPlane, TaskView } from './control-plane/interface.ts';
import { startControlPlane } from './control-plane.ts';
import { bootEmulators, type Emulators } from './emulators/boot-emulators.ts';
import { type LocalResources, localResources } from './find-resource.ts';
import { createHttpApiHost, type HttpApiHost, type LocalHttpApi } from './http-api/http-api-host.ts';
import { createLambdaHost, type Invocation, type LambdaHost } from './lambda/lambda-host.ts';
import { publishAlarm } from './publish-alarm.ts';
import { publishQueueMetrics } from './publish-queue-metrics.ts';
import { putInvocationMetrics } from './put-invocation-metrics.ts';
import { readBindings } from './read-bindings.ts';
import { type CreatedStack, createStack } from './template/create-stack.ts';
import type { CreationContext } from './template/creator.ts';
import { readAssembly, type Stack } from './template/read-assembly.ts';

export { bootEmulators } from './emulators/boot-emulators.ts';
export { synthesise } from './synthesise.ts';

/** A synthesised app, running on this machine. */
export interface LocalCloud {
  /** The variables that an AWS client needs to reach it: region, dummy credentials, AWS_ENDPOINT_URL and its kin. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** From the SSM bindings of the template. */
  readonly services: readonly LocalService[];
  readonly resources: LocalResources;
  readonly controlPlane: ControlPlane;
  readonly lambda: LambdaHost;
  /** The HTTP APIs of the template, served on this machine. */
  readonly httpApis: readonly LocalHttpApi[];
  /** Clients that are set up for it. */
  readonly clients: AwsClients;
  /** Attributes that the template uses and that nothing here knows. */
  readonly invented: readonly string[];
  /** Parts of the template without effect here. */
  readonly ignored: readonly string[];
  /** Ends pollers, functions, tasks (with their grace) and emulators. Idempotent; bounded by the tasks' grace. */
  stop(): Promise<void>;
}

export interface LocalService extends ServiceBinding {
  readonly name: string;
}

export interface LocalCloudOptions {
  /** The folder that `synthesise` returned. */
  readonly assemblyDir: string;
  /** Already started ones, to save the time. They are stopped with the cloud. */
  readonly emulators?: Emulators;
  /** Task creation → container start. */
  readonly startDelaySeconds: { readonly median: Seconds; readonly p95: Seconds };
  readonly seed: number;
  /** Worker entries of the template are relative to it. Default: the working directory. */
  readonly projectDirectory?: string;
  /** Each line that a function wrote, EMF lines too (their metrics are already in the local CloudWatch). */
  readonly onFunctionLine?: (functionName: string, line: string) => void;
  readonly onTaskLine?: (task: TaskView, stream: 'stdout' | 'stderr', line: string) => void;
  readonly onInvocation?: (invocation: Invocation) => void;
  /** Something in the control plane's views changed. */
  readonly onChange?: () => void;
  /** A new task of a rolling deployment counts as healthy so long after it runs. Default 40, as on AWS. */
  readonly healthyAfterSeconds?: Seconds;
  /**
   * Period of what ECS, load balancers and queues publish to CloudWatch, and of what the function asks for; as much
   * later it can be read. AWS and default: a minute. A period that CloudWatch knows: 1, 5, 10, 20, 30 or 60.
   */
  readonly metricPeriodSeconds?: 1 | 5 | 10 | 20 | 30 | 60;
  /** How often load balancers check their targets, whatever the template says. */
  readonly healthCheckSeconds?: Seconds;
  /** How long tasks get between SIGTERM and SIGKILL in `stop`. Default 5. */
  readonly closeGraceSeconds?: Seconds;
}

/**
 * Creates everything in the assembly's templates and sets it going. When this resolves, schedules have fired for the
 * first time. Throws BadInput for what the local cloud does not have; then nothing is left running.
 */
export const startLocalCloud = async (options: LocalCloudOptions): Promise<LocalCloud> => {
  const stoppers: (() => Promise<void>)[] = [];
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= runInReverse(stoppers);
    return stopped;
  };
  try {
    const stacks = readAssembly(options.assemblyDir);
    const parts = await startParts(options, stoppers);
    const ignored: string[] = [];
    const created = await createStacks(stacks, parts, (what) => ignored.push(what));
    const all = created.flatMap((stack) => stack.resources);
    return {
      endpoints: parts.environment(),
      services: readBindings(all).map((binding) => ({ ...binding, name: binding.plan.service })),
      resources: localResources(all, Object.fromEntries(created.map((stack) => [stack.name, stack.outputs]))),
      controlPlane: parts.controlPlane,
      lambda: parts.lambda,
      httpApis: parts.httpApis.apis,
      clients: parts.clients,
      invented: created.flatMap((stack) => stack.invented),
      ignored,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

interface Parts {
  readonly emulators: Emulators;
  readonly controlPlane: ControlPlane;
  readonly clients: AwsClients;
  readonly lambda: LambdaHost;
  readonly httpApis: HttpApiHost;
  readonly environment: () => Readonly<Record<string, string>>;
}

/** What was started is stopped in the opposite order, so that tasks can still reach the queues while they drain. */
const startParts = async (options: LocalCloudOptions, stoppers: (() => Promise<void>)[]): Promise<Parts> => {
  const emulators = options.emulators ?? (await bootEmulators());
  stoppers.push(() => emulators.stop());
  let controlPlaneUrl = '';
  const environment = () =>
    clientEnvironment({
      messaging: emulators.messaging.endpoint,
      dynamoDb: emulators.dynamoDb.endpoint,
      controlPlane: controlPlaneUrl,
    });
  const clients = createAwsClients(environment());
  stoppers.push(async () => clients.destroy());
  const { metricPeriodSeconds = 60 } = options;
  const controlPlane = await startControlPlane({
    metricPeriodSeconds,
    serviceMetricDelaySeconds: metricPeriodSeconds,
    ...(options.healthCheckSeconds === undefined ? {} : { healthCheckSeconds: options.healthCheckSeconds }),
    startDelaySeconds: options.startDelaySeconds,
    seed: options.seed,
    region: localRegion,
    account: localAccount,
    projectDirectory: options.projectDirectory ?? process.cwd(),
    taskEnvironment: () => ({ ...hostEnvironment(), ...environment() }),
    ...(options.onTaskLine ? { onTaskLine: options.onTaskLine } : {}),
    ...(options.onChange ? { onChange: options.onChange } : {}),
    ...(options.healthyAfterSeconds === undefined ? {} : { healthyAfterSeconds: options.healthyAfterSeconds }),
    ...(options.closeGraceSeconds === undefined ? {} : { closeGraceSeconds: options.closeGraceSeconds }),
    invokeTarget: ({ targetArn, input }) => lambda.deliver(targetArn, input),
    onAlarmActions: (alarm, actions) => publishAlarm(clients.sns, alarm, actions),
  });
  controlPlaneUrl = controlPlane.url;
  stoppers.push(() => controlPlane.close());
  const stopQueueMetrics = publishQueueMetrics(controlPlane, emulators.messaging.meters, metricPeriodSeconds);
  stoppers.push(async () => stopQueueMetrics());
  const lambda = createLambdaHost({
    sqs: clients.sqs,
    queueUrl: emulators.messaging.queueUrl,
    awsEnvironment: () => ({
      ...environment(),
      SLUICE_METRIC_PERIOD_SECONDS: String(metricPeriodSeconds),
      // A read costs nothing here, and a run is over within minutes.
      SLUICE_APPLIED_SECONDS: '2',
    }),
    onFunctionLine: (name, line) => {
      controlPlane.cloudwatch.putEmbeddedMetrics(line);
      options.onFunctionLine?.(name, line);
    },
    onInvocation: (invocation) => {
      putInvocationMetrics(controlPlane, invocation);
      options.onInvocation?.(invocation);
    },
  });
  stoppers.push(async () => {
    controlPlane.scheduler.stopAll();
    await lambda.stop();
  });
  const httpApis = createHttpApiHost(() => lambda);
  stoppers.push(() => httpApis.stop());
  return { emulators, controlPlane, clients, lambda, httpApis, environment };
};

const createStacks = async (
  stacks: readonly Stack[],
  parts: Parts,
  ignore: (what: string) => void,
): Promise<readonly CreatedStack[]> => {
  const created: CreatedStack[] = [];
  for (const stack of stacks) {
    const context: CreationContext = {
      clients: parts.clients,
      queueUrl: parts.emulators.messaging.queueUrl,
      controlPlane: parts.controlPlane,
      lambda: parts.lambda,
      httpApis: parts.httpApis,
      assetPath: (key) => stack.assets.get(key),
      ignore,
    };
    const exported = new Map(created.flatMap((earlier) => [...earlier.exports]));
    created.push(await createStack(stack, context, exported));
  }
  await parts.controlPlane.ecs.prepare();
  return created;
};

/** One that fails does not keep the others from being stopped. */
const runInReverse = async (stoppers: readonly (() => Promise<void>)[]): Promise<void> => {
  const errors: unknown[] = [];
  for (const stop of stoppers.toReversed()) await stop().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw new AggregateError(errors, 'the local cloud did not stop cleanly');
};
