import type { ServiceBinding } from '../model/binding.ts';
import type { Observation } from '../model/observation.ts';
import type { Seconds } from '../model/units.ts';
import type { ScalableTargetSeen, ScalingPolicySeen } from '../report/adopt/second-writer.ts';

/** What an account said, or why it said nothing. */
export type Fact<T> =
  | { readonly known: true; readonly value: T }
  /** `action`: the right that the question needs. */
  | { readonly known: false; readonly action: string; readonly because: string };

/** Of DescribeServices. */
export interface ServiceSeen {
  readonly arn: string;
  readonly status: string;
  readonly launchType?: string;
  readonly capacityProviders: readonly string[];
  readonly deploymentController: string;
  readonly rollsBack: boolean;
  readonly taskDefinition: string;
  readonly subnets: readonly string[];
  readonly desired: number;
  readonly running: number;
}

/** Of DescribeTaskDefinition. */
export interface TaskDefinitionSeen {
  readonly arn: string;
  readonly taskRoleArn?: string;
  /** Absent: Linux. */
  readonly operatingSystem?: string;
  readonly containers: readonly {
    readonly name: string;
    readonly hasHealthCheck: boolean;
    /** Absent: Fargate's 30 s. */
    readonly stopTimeoutSeconds?: Seconds;
    readonly logGroup?: string;
  }[];
}

/** Of GetQueueAttributes, of the queue that jobs wait in or that dead ones lie in. */
export interface QueueSeen {
  readonly arn: string;
  readonly visibilityTimeoutSeconds: Seconds;
  readonly retentionSeconds: Seconds;
  readonly deadLetterArn?: string;
  readonly maxReceiveCount?: number;
  readonly messages: number;
}

export interface AlarmSeen {
  readonly name: string;
  readonly namespace?: string;
  readonly metric?: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly actions: number;
  readonly enabled: boolean;
}

/** Of GetTopicAttributes. */
export interface TopicSeen {
  readonly arn: string;
  readonly confirmed: number;
  readonly pending: number;
}

export interface LogGroupSeen {
  readonly name: string;
  /** Absent: it keeps everything for ever. */
  readonly retentionDays?: number;
}

/** The stack that owns an ECS service. */
export interface OwnerSeen {
  readonly stack: string;
  readonly logicalId: string;
  /** What its template says, if anything. */
  readonly desiredCount?: unknown;
}

/** Rights that a role was asked for and does not have. */
export interface RoleSeen {
  readonly arn: string;
  readonly denied: readonly string[];
}

export interface ServiceFacts {
  readonly binding: ServiceBinding;
  readonly service: Fact<ServiceSeen | undefined>;
  readonly taskDefinition: Fact<TaskDefinitionSeen | undefined>;
  /** Availability zones of its subnets. */
  readonly zones: Fact<readonly string[]>;
  /** In the order of the binding's queues. */
  readonly queues: readonly { readonly name: string; readonly own: Fact<QueueSeen>; readonly dead?: Fact<QueueSeen> }[];
  readonly owner: Fact<OwnerSeen | undefined>;
  readonly taskRole: Fact<RoleSeen | undefined>;
  /** Mean run time of the jobs so far. Undefined: no worker of ours ever reported. */
  readonly jobSeconds: Fact<Seconds | undefined>;
  /** What the signals of the thresholds read now. */
  readonly signals: Fact<Observation['signals']>;
}

export interface StageFacts {
  readonly stage: string;
  readonly region: string;
  readonly table: string;
  /** Of the Sluice that asks. */
  readonly version: string;
  readonly services: readonly ServiceFacts[];
  readonly targets: Fact<readonly ScalableTargetSeen[]>;
  readonly policies: Fact<readonly ScalingPolicySeen[]>;
  readonly vcpuQuota: Fact<number>;
  readonly alarms: Fact<readonly AlarmSeen[]>;
  /** Of the tasks and of Sluice's own functions. */
  readonly logGroups: Fact<readonly LogGroupSeen[]>;
  readonly recoverable: Fact<boolean>;
  /** Through which people are told of alerts. Undefined: they are not. */
  readonly alertTopic: Fact<TopicSeen | undefined>;
  /** The tick function's. Undefined: not found in the stack. */
  readonly tickRole: Fact<RoleSeen | undefined>;
}

/** A right that a role needs, asked as IAM would be asked: on the resource, under the conditions of the template. */
export interface RightAsked {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Condition keys and their values. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
}
