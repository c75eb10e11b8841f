import { CfnOutput, RemovalPolicy, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { AlertDeliveryPlan } from '../config/alert-plan.ts';
import type { QueueAddress } from '../config/existing.ts';
import { parameterPath } from '../model/binding.ts';
import type { JobApiPlan } from '../model/job-api-plan.ts';
import type { ServicePlan } from '../model/plan.ts';
import type { ReportPlan } from '../model/report-plan.ts';
import { type ExistingSpec, existingByName } from './adopt/existing-by-name.ts';
import { existingQueue } from './adopt/existing-queue.ts';
import { AlertTopic } from './alert-topic.ts';
import { serviceHomes, servicesPerStack } from './bindings/service-homes.ts';
import { InlineRole } from './code/inline-role.ts';
import { Dashboard } from './dashboard/dashboard.ts';
import { JobQueue } from './job-queue.ts';
import { JobApi } from './jobs/job-api.ts';
import { JobRecords } from './jobs/job-records.ts';
import { JobSweep } from './jobs/job-sweep.ts';
import { queueNameOf } from './queue-name.ts';
import { CostReport } from './report/cost-report.ts';
import type { ScaledService } from './scaled-service.ts';
import { Scaler } from './scaler.ts';
import type { ServiceQueue } from './service-queue.ts';
import { StateTable } from './state-table.ts';
import { type NamedServices, rolePath, servicesByReference, stageTag } from './tick/scaler-permissions.ts';
import { WorkerCluster } from './worker/worker-cluster.ts';
import { queueOf } from './worker/worker-environment.ts';
import { WorkerNetwork } from './worker/worker-network.ts';
import { WorkerService } from './worker/worker-service.ts';
import type { WorkerSource } from './worker/worker-source.ts';

/** A service as the stack builds it: the plan for the scaler, and what only its container needs. */
export interface ServiceSpec {
  readonly plan: ServicePlan;
  readonly source: WorkerSource;
  /** @default false */
  readonly spot?: boolean;
  /**
   * Queues of the plan that are there already, by their names in it.
   * @default - none: all are made
   */
  readonly existingQueues?: ReadonlyMap<string, QueueAddress>;
}

export interface SluiceStackProps extends StackProps {
  readonly services: readonly ServiceSpec[];
  /** @default - no job API */
  readonly api?: JobApiPlan;
  /** @default - alerts are recorded, and nobody is told */
  readonly alerts?: AlertDeliveryPlan;
  /**
   * A page in CloudWatch; above three in an account it costs USD 3 a month.
   * @default false
   */
  readonly dashboard?: boolean;
  /** @default - no weekly report */
  readonly report?: ReportPlan;
  /**
   * Services that are there already, and get nothing but the scaler.
   * @default - none
   */
  readonly existing?: readonly ExistingSpec[];
  /** @default - the cluster's, or a network of public subnets without NAT */
  readonly vpc?: ec2.IVpc;
  /** @default - one is created in `vpc` */
  readonly cluster?: ecs.ICluster;
  /** @default - public when the network is Sluice's own, else as CDK chooses */
  readonly vpcSubnets?: ec2.SubnetSelection;
  /** @default - true when the network is Sluice's own */
  readonly assignPublicIp?: boolean;
  /**
   * Of the table with the learnt state and the history.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /** Told when Sluice stands still. @default - the topic of the alerts; without one, nobody is told */
  readonly alarmTopic?: sns.ITopic;
  /** @default - the working directory */
  readonly projectRoot?: string;
  /** @default - `functions/tick.ts`, bundled */
  readonly code?: lambda.Code;
}

/**
 * One stage of Sluice: cluster, queues, worker services and the scaler. The stack's name is the stage. Services beyond 30
 * are made in further stacks beside it.
 */
export class SluiceStack extends Stack {
  /** Absent: all services are there already. */
  readonly cluster?: ecs.ICluster;
  readonly scaler: Scaler;
  /** The records of jobs. Absent: no service keeps any. */
  readonly records?: JobRecords;
  readonly api?: JobApi;
  readonly report?: CostReport;
  /** Through which people are told. Absent: `alerts` is. */
  readonly alerts?: AlertTopic;
  private readonly workers: ReadonlyMap<string, WorkerService>;
  /** Of services in further stacks. */
  private readonly bindIn = new Map<string, Construct>();

  constructor(scope: Construct, id: string, props: SluiceStackProps) {
    super(scope, id, { description: 'Sluice: queue workers on Fargate, scaled to their objectives', ...props });
    this.cluster = props.cluster ?? (props.services.length > 0 ? this.createCluster(props.vpc) : undefined);
    const table = new StateTable(this, 'State', { removalPolicy: props.removalPolicy });
    this.workers = this.cluster ? this.createWorkers(props, this.cluster, table) : new Map();
    const existing = new Construct(this, 'Existing');
    const services = [
      ...this.workers.values(),
      ...(props.existing ?? []).map((spec) => existingByName(existing, spec)),
    ];
    this.alerts = props.alerts && new AlertTopic(this, 'Alerts', props.alerts);
    this.scaler = new Scaler(this, 'Scaler', {
      services,
      table,
      named: this.named(),
      bindIn: this.bindIn,
      alarmTopic: props.alarmTopic,
      ...(props.alerts && this.alerts && { alerts: { rules: props.alerts.rules, topic: this.alerts.topic } }),
      code: props.code,
    });
    if (props.dashboard === true) this.createDashboards(services);
    const recorded = recordedServices(props);
    if (props.api !== undefined || recorded.length > 0) {
      this.records = this.createRecords(props, recorded, services);
    }
    if (props.api !== undefined && this.records !== undefined) {
      this.api = this.createApi(props.api, services, this.records, table);
    }
    if (props.report !== undefined) this.report = this.createReport(props.report, props, table);
  }

  /** A page in each stack: what is made after the scaler cannot be named before. */
  private createDashboards(services: readonly ScaledService[]): void {
    const { handler, logGroup } = this.scaler;
    const byStack = Map.groupBy(services, ({ plan }) => Stack.of(this.bindIn.get(plan.service) ?? this));
    for (const [stack, own] of byStack) {
      const dashboardName = `sluice-${stack.stackName}`;
      new Dashboard(stack, 'Dashboard', { stage: this.stackName, dashboardName, services: own, handler, logGroup });
    }
  }

  private createReport(plan: ReportPlan, props: SluiceStackProps, table: StateTable): CostReport {
    const report = new CostReport(this, 'Report', {
      plan,
      table,
      stage: this.stackName,
      path: parameterPath(this.stackName),
      configHash: this.scaler.configHash,
      applies: [...props.services, ...(props.existing ?? [])].some(
        ({ plan: { apply, autoSize } }) => apply !== undefined || autoSize !== undefined,
      ),
      deadLetterQueue: this.scaler.tickQueue.deadLetterQueue,
      ...(props.removalPolicy && { removalPolicy: props.removalPolicy }),
    });
    new CfnOutput(this, 'ReportBucket', { value: report.bucket.bucketName });
    return report;
  }

  private createRecords(
    props: SluiceStackProps,
    recorded: readonly ServiceSpec[],
    services: readonly ScaledService[],
  ): JobRecords {
    const records = new JobRecords(this, 'Jobs', { removalPolicy: props.removalPolicy });
    const queues = services.flatMap((service) => service.queues);
    for (const { plan, source } of recorded) {
      const next = (source.sendsTo ?? []).map((name) => queueOf(name, queues));
      records.connect(this.worker(plan.service), next);
    }
    new JobSweep(this, 'JobSweep', {
      records,
      queues,
      path: parameterPath(this.stackName),
      configHash: this.scaler.configHash,
      deadLetterQueue: this.scaler.tickQueue.deadLetterQueue,
    });
    return records;
  }

  /** Workers that Sluice does not deploy keep their records with environment and rights that their owner gives them. */
  private createApi(
    plan: JobApiPlan,
    services: readonly ScaledService[],
    records: JobRecords,
    stateTable: StateTable,
  ): JobApi {
    const names = new Set(Object.values(plan.types).map(({ queue }) => queue));
    const queues = services.flatMap((service) => service.queues).filter(({ name }) => names.has(name));
    const { configHash } = this.scaler;
    const api = new JobApi(this, 'Api', { plan, records, stateTable, queues, configHash });
    new CfnOutput(this, 'JobApiUrl', { value: api.url });
    return api;
  }

  /** The worker service of that name: grant it rights, give it variables. */
  worker(service: string): WorkerService {
    const found = this.workers.get(service);
    if (found === undefined) {
      throw new Error(`No service ${service} in ${this.stackName}; there are: ${[...this.workers.keys()].join(', ')}.`);
    }
    return found;
  }

  private createCluster(vpc: ec2.IVpc | undefined): ecs.Cluster {
    return new WorkerCluster(this, 'Cluster', { vpc: vpc ?? new WorkerNetwork(this, 'Network') });
  }

  private createWorkers(
    props: SluiceStackProps,
    cluster: ecs.ICluster,
    table: StateTable,
  ): ReadonlyMap<string, WorkerService> {
    const shared = {
      ...this.placement(props, cluster),
      cluster,
      table,
      projectRoot: props.projectRoot,
      // One for all: streams begin with the service's name.
      logGroup: new logs.LogGroup(this, 'WorkerLog', {
        retention: logs.RetentionDays.TWO_WEEKS,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      // What it may do (pull, write logs) is the same for all, and a stack holds only 500 resources.
      executionRole: new InlineRole(this, 'Execution', {
        path: rolePath(this.stackName),
        assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'),
      }),
    };
    const services = recordedFirst(props);
    const homes = serviceHomes(this, services.length, props);
    // A service that moves to another stack would take its queue along, jobs and all. Kept, its name is taken there and
    // the deployment fails instead.
    const queuePolicy = services.length > servicesPerStack ? RemovalPolicy.RETAIN : undefined;
    return new Map(
      homes.flatMap((home, index) => {
        const spec = services[index];
        if (spec === undefined) return [];
        const { service } = spec.plan;
        if (home.bindings !== undefined) this.bindIn.set(service, home.bindings);
        const queues = serviceQueues(home.queues, this.stackName, spec, queuePolicy);
        return [
          [service, new WorkerService(home.services, service, { ...shared, ...spec, stage: this.stackName, queues })],
        ];
      }),
    );
  }

  /** Too many for a list of ARNs, or made after the scaler: its rights reach them by name. */
  private named(): NamedServices | undefined {
    const { cluster, stackName: stage, workers } = this;
    if (cluster === undefined || workers.size <= (this.bindIn.size > 0 ? 0 : servicesByReference)) return undefined;
    for (const { service } of workers.values()) {
      Tags.of(service).add(stageTag, stage, { includeResourceTypes: ['AWS::ECS::Service'] });
    }
    return { stage, cluster, names: new Set(workers.keys()) };
  }

  /** One security group for all workers: it only says that nothing may come in. */
  private placement(
    props: SluiceStackProps,
    cluster: ecs.ICluster,
  ): {
    readonly vpcSubnets?: ec2.SubnetSelection;
    readonly assignPublicIp?: boolean;
    readonly securityGroups: readonly ec2.ISecurityGroup[];
  } {
    const own = cluster.vpc instanceof WorkerNetwork;
    return {
      vpcSubnets: props.vpcSubnets ?? (own ? { subnetType: ec2.SubnetType.PUBLIC } : undefined),
      assignPublicIp: props.assignPublicIp ?? own,
      securityGroups: [
        new ec2.SecurityGroup(this, 'Workers', {
          vpc: cluster.vpc,
          description: 'Sluice workers: nothing in, everything out',
        }),
      ],
    };
  }
}

/** Those that say so, that send next jobs, that get them, or that work on the job API's queues. */
const recordedServices = ({ services, api }: SluiceStackProps): readonly ServiceSpec[] => {
  const names = new Set([
    ...Object.values(api?.types ?? {}).map(({ queue }) => queue),
    ...services.flatMap(({ source }) => source.sendsTo ?? []),
  ]);
  return services.filter(
    ({ plan, source }) =>
      source.jobs === true || source.sendsTo !== undefined || plan.queues.some(({ name }) => names.has(name)),
  );
};

/** The job API lies beside the scaler, and so must the queues that it and next jobs go to. The others keep their order. */
const recordedFirst = (props: SluiceStackProps): readonly ServiceSpec[] => {
  const recorded = new Set(recordedServices(props));
  return [...recorded, ...props.services.filter((spec) => !recorded.has(spec))];
};

const serviceQueues = (
  scope: Construct,
  stage: string,
  { plan, existingQueues }: ServiceSpec,
  removalPolicy: RemovalPolicy | undefined,
): readonly ServiceQueue[] =>
  plan.queues.map(({ name, fifo }) => {
    const address = existingQueues?.get(name);
    if (address) return existingQueue(scope, name, address);
    const { jobs, dead } = queueNameOf(stage, name, fifo);
    const created = new JobQueue(scope, name, { queueName: jobs, deadLetterQueueName: dead, fifo, removalPolicy });
    return { name, queue: created.queue, deadLetterQueue: created.deadLetterQueue };
  });
