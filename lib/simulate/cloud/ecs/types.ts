import type { CpuUnits, EpochSeconds, MiB, Seconds } from '../../../model/units.ts';
import type { RandomState } from '../random.ts';

/** What differs between accounts, or is not confirmed about AWS. */
export interface EcsSettings {
  readonly region: string;
  readonly account: string;
  /** Task creation → container start. */
  readonly startDelaySeconds: { readonly median: Seconds; readonly p95: Seconds };
  /** Without load balancer and health check a task counts as healthy so long after RUNNING; deployments only. AWS: 40. */
  readonly healthyAfterSeconds: Seconds;
  readonly deactivatingSeconds: Seconds;
  readonly deprovisioningSeconds: Seconds;
  /** Unconfirmed for AWS: whether `pendingCount` counts PROVISIONING and ACTIVATING beside PENDING. */
  readonly pendingCountsAllStarting: boolean;
  readonly zones: readonly string[];
  /** AWS waits up to 15 minutes; its first steps are not published. */
  readonly startBackoff: {
    readonly afterFailures: number;
    readonly firstSeconds: Seconds;
    readonly maxSeconds: Seconds;
  };
  /** Fargate launch rate of the account. */
  readonly launches: { readonly burst: number; readonly perSecond: number };
  /** Fargate On-Demand and Spot quota, each. Fresh accounts: 6. */
  readonly vcpuQuota: number;
  readonly metricPeriodSeconds: Seconds;
  /** How long a stopped task can still be described. */
  readonly stoppedTaskSeconds: Seconds;
}

export const defaultEcsSettings: Omit<EcsSettings, 'region' | 'account' | 'startDelaySeconds'> = {
  healthyAfterSeconds: 40,
  deactivatingSeconds: 0,
  deprovisioningSeconds: 0,
  pendingCountsAllStarting: true,
  zones: ['a', 'b', 'c'],
  startBackoff: { afterFailures: 3, firstSeconds: 10, maxSeconds: 900 },
  launches: { burst: 100, perSecond: 20 },
  vcpuQuota: Number.POSITIVE_INFINITY,
  metricPeriodSeconds: 60,
  stoppedTaskSeconds: 3600,
};

export interface Cluster {
  readonly name: string;
  readonly arn: string;
}

export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly stopTimeoutSeconds: Seconds;
}

export interface TaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly cpu: CpuUnits;
  readonly memoryMiB: MiB;
  readonly container: ContainerSpec;
}

export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED';

export type StopCode =
  | 'TaskFailedToStart'
  | 'EssentialContainerExited'
  | 'UserInitiated'
  | 'ServiceSchedulerInitiated'
  | 'SpotInterruption';

export interface Task {
  readonly id: string;
  readonly arn: string;
  readonly cluster: string;
  /** Key of the service: `cluster/name`. */
  readonly service: string;
  readonly deployment: string;
  /** `family:revision`. */
  readonly definition: string;
  readonly zone: string;
  readonly provider: string;
  readonly status: TaskStatus;
  /** When `status` was entered. */
  readonly statusAt: EpochSeconds;
  readonly desired: 'RUNNING' | 'STOPPED';
  readonly createdAt: EpochSeconds;
  readonly delaySeconds: Seconds;
  readonly pullStartedAt?: EpochSeconds;
  readonly pullStoppedAt?: EpochSeconds;
  readonly startedAt?: EpochSeconds;
  readonly stoppingAt?: EpochSeconds;
  readonly stoppedAt?: EpochSeconds;
  /** SIGKILL goes out then. */
  readonly killAt?: EpochSeconds;
  readonly stopCode?: StopCode;
  readonly stoppedReason?: string;
  readonly exitCode?: number;
  readonly protectedUntil?: EpochSeconds;
  /** ARNs of the target groups that it is registered with while it runs. Absent: none. */
  readonly targetGroups?: readonly string[];
  /** How long it may take to answer what it has, before SIGTERM. */
  readonly drainSeconds?: Seconds;
  /** When a load balancer first found it healthy. */
  readonly targetHealthyAt?: EpochSeconds;
  readonly usage: Usage;
  /** What the last publication of metrics had seen. */
  readonly published: Usage;
}

export interface Usage {
  readonly at: EpochSeconds;
  readonly cpuSeconds: Seconds;
  readonly memoryMiB: MiB;
}

export interface Deployment {
  readonly id: string;
  readonly status: 'PRIMARY' | 'ACTIVE';
  readonly definition: string;
  readonly createdAt: EpochSeconds;
  readonly updatedAt: EpochSeconds;
  /** Consecutive tasks that never ran. Stays 0 once one task of the deployment has run. */
  readonly failedTasks: number;
  readonly hasRun: boolean;
  readonly rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  readonly rolloutStateReason: string;
}

export interface CapacityProviderItem {
  readonly capacityProvider: string;
  readonly base: number;
  readonly weight: number;
}

/** Where a service registers its tasks. */
export interface LoadBalancing {
  /** ARNs. */
  readonly targetGroups: readonly string[];
  /** The longest deregistration delay of them. */
  readonly drainSeconds: Seconds;
  /** A target that is found unhealthy this soon after its start is left alone. */
  readonly graceSeconds: Seconds;
}

export interface ServiceEvent {
  readonly id: string;
  readonly at: EpochSeconds;
  readonly message: string;
}

export interface Service {
  /** `cluster/name`. */
  readonly key: string;
  readonly name: string;
  readonly arn: string;
  readonly cluster: string;
  readonly createdAt: EpochSeconds;
  readonly desiredCount: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly circuitBreaker?: { readonly rollback: boolean };
  readonly capacityProviderStrategy: readonly CapacityProviderItem[];
  /** Absent: no load balancer. */
  readonly loadBalancing?: LoadBalancing;
  /** The PRIMARY one first, older ones after it. */
  readonly deployments: readonly Deployment[];
  /** Definition of the last deployment that completed: what a rollback returns to. */
  readonly stableDefinition?: string;
  /** Newest first, at most 100. */
  readonly events: readonly ServiceEvent[];
  /** Starts in a row that never reached RUNNING, and when the next may be tried. */
  readonly startFailures: number;
  readonly retryAt: EpochSeconds;
  /** Event states that must be told only once. */
  readonly told: 'steady' | 'blocked' | 'noCapacity' | 'moving';
}

export interface EcsState {
  readonly settings: EcsSettings;
  readonly random: RandomState;
  readonly clusters: ReadonlyMap<string, Cluster>;
  /** By `family:revision`. */
  readonly definitions: ReadonlyMap<string, TaskDefinition>;
  readonly services: ReadonlyMap<string, Service>;
  /** Oldest first. */
  readonly tasks: ReadonlyMap<string, Task>;
  readonly launchTokens: number;
  readonly launchTokensAt: EpochSeconds;
  readonly metricsAt: EpochSeconds;
}

/** What the world must carry out. */
export type EcsEffect =
  | { readonly type: 'startContainer'; readonly task: string }
  | { readonly type: 'signal'; readonly task: string; readonly signal: 'SIGTERM' | 'SIGKILL' }
  | { readonly type: 'register'; readonly task: string; readonly targetGroups: readonly string[] }
  | { readonly type: 'deregister'; readonly task: string; readonly targetGroups: readonly string[] }
  | {
      readonly type: 'metric';
      readonly name: 'CPUUtilization' | 'MemoryUtilization';
      readonly cluster: string;
      readonly service: string;
      /** Start of the period that the values belong to. */
      readonly at: EpochSeconds;
      /** One value a task, percent of the task's size. */
      readonly values: readonly number[];
    };

/** What happened in the world. */
export type EcsEvent =
  | { readonly type: 'timePassed' }
  | { readonly type: 'containerStarted'; readonly task: string }
  /** The container never came to life: image, entry point, bundle. */
  | { readonly type: 'containerFailed'; readonly task: string; readonly reason: string }
  | { readonly type: 'containerExited'; readonly task: string; readonly exitCode: number }
  | { readonly type: 'measured'; readonly task: string; readonly cpuSeconds: Seconds; readonly memoryMiB: MiB }
  | { readonly type: 'spotInterruption'; readonly task: string }
  /** A load balancer found its target healthy or not, or has let go of it. */
  | { readonly type: 'targetHealthy' | 'targetUnhealthy' | 'targetDrained'; readonly task: string };
