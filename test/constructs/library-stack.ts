import type { App } from 'aws-cdk-lib';
import { Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { toServicePlan } from '../../lib/config/parse-config.ts';
import { ExistingService } from '../../lib/constructs/adopt/existing-service.ts';
import { QueueProcessingFargateService } from '../../lib/constructs/patterns/queue-processing-fargate-service.ts';
import { Scaler } from '../../lib/constructs/scaler.ts';
import { StateTable } from '../../lib/constructs/state-table.ts';
import { WebService } from '../../lib/constructs/web/web-service.ts';
import { WorkerCluster } from '../../lib/constructs/worker/worker-cluster.ts';
import { WorkerNetwork } from '../../lib/constructs/worker/worker-network.ts';
import { fixtureFunction } from './fixtures.ts';

/** The constructs that a config does not make: a web service, a service that is there already, and the drop-in. */
export const libraryStack = (app: App): Stack => {
  const stack = new Stack(app, 'library');
  const cluster = new WorkerCluster(stack, 'Cluster', { vpc: new WorkerNetwork(stack, 'Network') });
  const table = new StateTable(stack, 'State');
  const image = ecs.ContainerImage.fromRegistry('public.ecr.aws/x/y:1');
  const site = new WebService(stack, 'site', {
    plan: toServicePlan('site', { queue: false }),
    source: { image: 'public.ecr.aws/x/y:1' },
    cluster,
    table,
  });
  const jobs = new QueueProcessingFargateService(stack, 'jobs', { cluster, image, table, scaler: false });
  const there = new ExistingService(stack, 'there', {
    service: ecs.FargateService.fromServiceArnWithCluster(
      stack,
      'Theirs',
      'arn:aws:ecs:eu-central-1:123456789012:service/prod/there',
    ),
    queue: sqs.Queue.fromQueueArn(stack, 'TheirJobs', 'arn:aws:sqs:eu-central-1:123456789012:there'),
  });
  new Scaler(stack, 'Scaler', { services: [site, jobs, there], table, code: lambda.Code.fromAsset(fixtureFunction) });
  return stack;
};
