import { Duration } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { ServicePlan, TaskSize } from '../../model/plan.ts';
import { type ContainerHealthCheckProps, containerHealthCheck } from './container-health-check.ts';
import { workerImage } from './worker-image.ts';
import type { WorkerSource } from './worker-source.ts';

export interface WorkerTaskProps {
  readonly plan: ServicePlan;
  readonly source: WorkerSource;
  /** A service whose schedule names several sizes has one task definition for each. */
  readonly size: TaskSize;
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroup: logs.ILogGroup;
  readonly taskRole: iam.IRole;
  /** @default - a role of its own */
  readonly executionRole?: iam.IRole;
  /**
   * Where a relative `entry` begins.
   * @default - the working directory
   */
  readonly projectRoot?: string;
  /** @default - none */
  readonly healthCheck?: ContainerHealthCheckProps;
}

/** The task definition of a worker at one size. */
export class WorkerTask extends Construct {
  readonly size: TaskSize;
  readonly taskDefinition: ecs.FargateTaskDefinition;
  readonly container: ecs.ContainerDefinition;

  constructor(scope: Construct, id: string, props: WorkerTaskProps) {
    super(scope, id);
    const { plan, source, size } = props;
    this.size = size;
    this.taskDefinition = new ecs.FargateTaskDefinition(this, 'Task', {
      cpu: size.cpu,
      memoryLimitMiB: size.memoryMiB,
      runtimePlatform: {
        cpuArchitecture: architectures[plan.worker.architecture],
        operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
      },
      taskRole: props.taskRole,
      executionRole: props.executionRole,
    });
    this.container = this.taskDefinition.addContainer('worker', {
      image: workerImage(source, plan.worker.architecture, props.projectRoot ?? process.cwd()),
      command: source.command === undefined ? undefined : [...source.command],
      environment: { ...source.environment, ...props.environment },
      healthCheck: props.healthCheck
        ? containerHealthCheck(props.healthCheck)
        : healthServerCheck(source.environment?.SLUICE_HEALTH_PORT),
      stopTimeout: Duration.seconds(plan.worker.stopTimeoutSeconds),
      // A stalled log stream must not stall the jobs.
      logging: ecs.LogDrivers.awsLogs({
        logGroup: props.logGroup,
        streamPrefix: plan.service,
        mode: ecs.AwsLogDriverMode.NON_BLOCKING,
      }),
    });
    const local = localRun(source);
    if (local !== undefined) this.resource().addMetadata('sluice:local', local);
  }

  private resource(): ecs.CfnTaskDefinition {
    const resource = this.taskDefinition.node.defaultChild;
    if (!(resource instanceof ecs.CfnTaskDefinition)) throw new Error(`${this.node.path}: no task definition resource`);
    return resource;
  }
}

const architectures = { arm64: ecs.CpuArchitecture.ARM64, x86: ecs.CpuArchitecture.X86_64 };

/**
 * Where the worker is told to open its health server, ECS asks it: `/health` fails only when a restart is the remedy.
 * With Node, since an image of Node need not have curl.
 */
const healthServerCheck = (port: string | undefined): ecs.HealthCheck | undefined =>
  port === undefined
    ? undefined
    : {
        command: [
          'CMD',
          'node',
          '-e',
          `fetch('http://127.0.0.1:${port}/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`,
        ],
        interval: Duration.seconds(30),
        timeout: Duration.seconds(5),
        retries: 3,
        startPeriod: Duration.seconds(60),
      };

/** How the local cloud runs the worker without its image; a worker with only an image has no local run. */
const localRun = (source: WorkerSource): object | undefined => {
  if (source.entry !== undefined) return { entry: source.entry };
  return source.command === undefined ? undefined : { command: source.command };
};
