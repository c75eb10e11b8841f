import type { EpochSeconds, Seconds } from '../../model/units.ts';
import type { TaskStatus } from '../../simulate/cloud/ecs/types.ts';

/** A resource of the synthesised template after resolving: properties as CloudFormation spells them. */
export interface TemplateResource {
  /** Names what the template left without a name, as CloudFormation does. */
  readonly logicalId: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

export interface ControlPlaneOptions {
  /** Task creation → container start, log-normal with this median and 95th percentile, drawn from the seed. */
  readonly startDelaySeconds: { readonly median: Seconds; readonly p95: Seconds };
  readonly seed: number;
  readonly region: string;
  /** Twelve digits. The emulators of S3 and SQS know only 000000000000. */
  readonly account: string;
  /** `entry` and relative commands of `sluice:local` are relative to this. Absolute. */
  readonly projectDirectory: string;
  /** Bundled workers go here. Default: `<projectDirectory>/.build`. */
  readonly buildDirectory?: string;
  /**
   * The whole environment of a task but for what ECS adds and what the container definition says: endpoints, dummy
   * credentials, PATH … built from nothing. Read at each start of a task, so that endpoints may come later.
   */
  readonly taskEnvironment: () => Readonly<Record<string, string>>;
  readonly onTaskLine?: (task: TaskView, stream: 'stdout' | 'stderr', line: string) => void;
  /** Something in the views below changed. Called at most once per event-loop turn. */
  readonly onChange?: () => void;
  /**
   * Carries out what Scheduler fires. Context attributes are already filled into `input`.
   * Rejecting makes Scheduler try again, as the schedule's retry policy says.
   */
  readonly invokeTarget?: (invocation: ScheduleInvocation) => Promise<void>;
  /** An alarm changed state and names actions for the new state (ARNs, usually of SNS topics). */
  readonly onAlarmActions?: (alarm: AlarmView, actionArns: readonly string[]) => void;
  /** For tests of single rules: overrides of the ECS model's settings. */
  readonly healthyAfterSeconds?: Seconds;
  /** How often each service's CPU and memory are published. AWS and default: 60. */
  readonly metricPeriodSeconds?: Seconds;
  /** How long a metric stays unseen after its timestamp's period. Default 0. */
  readonly publicationDelaySeconds?: Seconds;
  /** How long ECS, load balancers and queues take to publish a whole period. AWS: one to three minutes. Default 0. */
  readonly serviceMetricDelaySeconds?: Seconds;
  /** How often targets are checked, whatever their target group says. For tests. */
  readonly healthCheckSeconds?: Seconds;
  /** How long `close` waits between SIGTERM and SIGKILL. Default 5. */
  readonly closeGraceSeconds?: Seconds;
}

export interface ControlPlane {
  /** `http://127.0.0.1:PORT`: ECS, CloudWatch, SSM and the tasks' agent endpoints. */
  readonly url: string;
  readonly ecs: {
    /** AWS::ECS::Cluster. `Ref` is the name. */
    createCluster(resource: TemplateResource): { readonly name: string; readonly arn: string };
    /** AWS::ECS::TaskDefinition with `Metadata['sluice:local']`. `Ref` is the ARN with revision. Throws BadInput. */
    registerTaskDefinition(resource: TemplateResource): string;
    /** AWS::ECS::Service. `Ref` is the ARN, `GetAtt Name` the name. Throws BadInput. */
    createService(resource: TemplateResource): { readonly name: string; readonly arn: string };
    services(): readonly ServiceView[];
    /** Tasks that live, and those stopped within the last hour; oldest first. */
    tasks(): readonly TaskView[];
    /** What an accident would do: the signal goes to the process, ECS only sees it exit. False: no such process. */
    killTask(id: string, signal: 'SIGTERM' | 'SIGKILL'): boolean;
    /** A Spot interruption: SIGTERM, then SIGKILL after the stop timeout; protection does not help. */
    interruptTask(id: string): void;
    /** Bundles the entries of all registered task definitions now, so that the first task need not wait. */
    prepare(): Promise<void>;
  };
  readonly elb: {
    /** AWS::ElasticLoadBalancingV2::LoadBalancer. `Ref` is the ARN; it listens at `dnsName` (host and port). Throws BadInput. */
    createLoadBalancer(
      resource: TemplateResource,
    ): Promise<{ readonly arn: string; readonly name: string; readonly fullName: string; readonly dnsName: string }>;
    /** AWS::ElasticLoadBalancingV2::TargetGroup. Throws BadInput. */
    createTargetGroup(resource: TemplateResource): {
      readonly arn: string;
      readonly name: string;
      readonly fullName: string;
    };
    /** AWS::ElasticLoadBalancingV2::Listener. Throws BadInput. */
    createListener(resource: TemplateResource): { readonly arn: string };
    targets(): readonly TargetView[];
  };
  readonly ssm: {
    /** AWS::SSM::Parameter, or the bare pair. Throws BadInput above 4,096 characters (standard tier). */
    putParameter(name: string, value: string): void;
  };
  readonly cloudwatch: {
    /** AWS::CloudWatch::Alarm. Returns its name, which is its `Ref`. Throws BadInput. */
    putAlarm(resource: TemplateResource): { readonly name: string; readonly arn: string };
    putMetric(datum: MetricDatum): void;
    /** What an AWS service publishes by itself: with its delay, and to be read in its own period. */
    putServiceMetric(metric: ServiceMetric): void;
    /** Takes a line of stdout; true when it was an EMF blob, whose metrics were then put. */
    putEmbeddedMetrics(line: string): boolean;
    alarms(): readonly AlarmView[];
  };
  readonly scheduler: {
    /** AWS::Scheduler::Schedule. Its name is its `Ref`. A rate fires at once. Throws BadInput. */
    createSchedule(resource: TemplateResource): { readonly name: string; readonly arn: string };
    /** Fires no more. Used when a run drains. */
    stopAll(): void;
  };
  /** Stops every task: SIGTERM, then SIGKILL after the grace. Resolves when no child is left. */
  close(): Promise<void>;
}

export interface MetricDatum {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly value: number;
  readonly unit?: string;
  /** Default: now. */
  readonly at?: EpochSeconds;
}

/** Values of one whole period. */
export interface ServiceMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit: string;
  /** Start of the period. */
  readonly at: EpochSeconds;
  readonly values: readonly number[];
}

/** A task in a target group. */
export interface TargetView {
  /** `targetgroup/NAME/ID`. */
  readonly targetGroup: string;
  readonly task: string;
  readonly port: number;
  readonly status: 'initial' | 'healthy' | 'unhealthy' | 'draining';
}

export interface TaskView {
  /** 32 hex digits. */
  readonly id: string;
  readonly arn: string;
  readonly cluster: string;
  readonly service: string;
  /** `family:revision`. */
  readonly taskDefinition: string;
  readonly lastStatus: TaskStatus;
  readonly desiredStatus: 'RUNNING' | 'STOPPED';
  readonly createdAt: EpochSeconds;
  readonly pullStartedAt?: EpochSeconds;
  readonly startedAt?: EpochSeconds;
  readonly stoppingAt?: EpochSeconds;
  readonly stoppedAt?: EpochSeconds;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly exitCode?: number;
  /** Absent: not protected now. */
  readonly protectedUntil?: EpochSeconds;
  /** CPU units; 1,024 are one vCPU. */
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly pid?: number;
  /** User and system time since the start of the process. */
  readonly cpuSeconds: Seconds;
  /** The last measured resident set; 0 before the first. */
  readonly rssMiB: number;
}

export interface ServiceView {
  readonly name: string;
  readonly arn: string;
  readonly cluster: string;
  readonly taskDefinition: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly pendingCount: number;
  /** Told to stop and not yet gone. */
  readonly stoppingCount: number;
  readonly protectedCount: number;
  readonly deploymentInProgress: boolean;
  readonly failedTasks: number;
  /** Newest first, at most 100. */
  readonly events: readonly { readonly id: string; readonly at: EpochSeconds; readonly message: string }[];
}

export interface AlarmView {
  readonly name: string;
  readonly arn: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  readonly reason: string;
  readonly changedAt: EpochSeconds;
}

export interface ScheduleInvocation {
  readonly schedule: string;
  readonly targetArn: string;
  readonly roleArn?: string;
  /** The text to hand to the target. */
  readonly input: string;
  /** ISO 8601, UTC. */
  readonly scheduledTime: string;
  readonly executionId: string;
  /** 1 for the first. */
  readonly attempt: number;
}
