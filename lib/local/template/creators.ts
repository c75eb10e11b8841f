import type { Creator } from './creator.ts';
import { createAlarm } from './resources/alarm.ts';
import { createBucket } from './resources/bucket.ts';
import { createCluster } from './resources/cluster.ts';
import { createEventInvokeConfig } from './resources/event-invoke-config.ts';
import { createEventSourceMapping } from './resources/event-source-mapping.ts';
import { createFunction } from './resources/function.ts';
import { createApiStage, createHttpApi, createIntegration, createRoute } from './resources/http-api.ts';
import { createListener } from './resources/listener.ts';
import { createLoadBalancer } from './resources/load-balancer.ts';
import { createParameter } from './resources/parameter.ts';
import { createQueue } from './resources/queue.ts';
import { createSchedule } from './resources/schedule.ts';
import { createService } from './resources/service.ts';
import { createSubscription } from './resources/subscription.ts';
import { createTable } from './resources/table.ts';
import { createTargetGroup } from './resources/target-group.ts';
import { createTaskDefinition } from './resources/task-definition.ts';
import { createTopic } from './resources/topic.ts';

/** The types that come to life. */
export const creators: Readonly<Record<string, Creator>> = {
  'AWS::ApiGatewayV2::Api': createHttpApi,
  'AWS::ApiGatewayV2::Integration': createIntegration,
  'AWS::ApiGatewayV2::Route': createRoute,
  'AWS::ApiGatewayV2::Stage': createApiStage,
  'AWS::CloudWatch::Alarm': createAlarm,
  'AWS::DynamoDB::Table': createTable,
  'AWS::ECS::Cluster': createCluster,
  'AWS::ECS::Service': createService,
  'AWS::ECS::TaskDefinition': createTaskDefinition,
  'AWS::ElasticLoadBalancingV2::Listener': createListener,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': createLoadBalancer,
  'AWS::ElasticLoadBalancingV2::TargetGroup': createTargetGroup,
  'AWS::Lambda::EventInvokeConfig': createEventInvokeConfig,
  'AWS::Lambda::EventSourceMapping': createEventSourceMapping,
  'AWS::Lambda::Function': createFunction,
  'AWS::S3::Bucket': createBucket,
  'AWS::Scheduler::Schedule': createSchedule,
  'AWS::SNS::Subscription': createSubscription,
  'AWS::SNS::Topic': createTopic,
  'AWS::SQS::Queue': createQueue,
  'AWS::SSM::Parameter': createParameter,
};
