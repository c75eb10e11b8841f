import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';

export interface WorkerClusterProps {
  readonly vpc: ec2.IVpc;
}

/** A cluster with both Fargate capacity providers. */
export class WorkerCluster extends ecs.Cluster {
  constructor(scope: Construct, id: string, props: WorkerClusterProps) {
    super(scope, id, {
      vpc: props.vpc,
      // Container Insights cost by the metric; Sluice reads what is free.
      containerInsightsV2: ecs.ContainerInsights.DISABLED,
    });
    // `enableFargateCapacityProviders` makes a resource of its own that no service depends on: a service can be created
    // before it, or outlive it, and then fails. As a property the providers come and go with the cluster.
    const cluster = this.node.defaultChild;
    if (!(cluster instanceof ecs.CfnCluster)) throw new Error(`${this.node.path}: no cluster resource`);
    cluster.capacityProviders = ['FARGATE', 'FARGATE_SPOT'];
  }
}
