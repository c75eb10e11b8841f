import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { describe, expect, test } from 'vitest';
import { toServicePlan } from '../../../lib/config/parse-config.ts';
import { Scaler } from '../../../lib/constructs/scaler.ts';
import { StateTable } from '../../../lib/constructs/state-table.ts';
import { WebService, type WebServiceProps } from '../../../lib/constructs/web/web-service.ts';
import { WorkerCluster } from '../../../lib/constructs/worker/worker-cluster.ts';
import { WorkerNetwork } from '../../../lib/constructs/worker/worker-network.ts';
import type { ServiceBinding } from '../../../lib/model/binding.ts';
import { fixtureFunction, planOf, testApp } from '../fixtures.ts';
import { ofType, resolved } from '../resolved.ts';

const plan = toServicePlan('site', { queue: false, worker: { stopTimeoutSeconds: 20 } });

const siteOf = (propsOf: (stack: Stack) => Partial<WebServiceProps> = () => ({})) => {
  const stack = new Stack(testApp(), 'web');
  const vpc = new WorkerNetwork(stack, 'Network');
  const site = new WebService(stack, 'site', {
    plan,
    source: { image: 'i' },
    cluster: new WorkerCluster(stack, 'Cluster', { vpc }),
    table: new StateTable(stack, 'State'),
    ...propsOf(stack),
  });
  new Scaler(stack, 'Scaler', { services: [site], code: lambda.Code.fromAsset(fixtureFunction) });
  return {
    stack,
    site,
    get template() {
      return Template.fromStack(stack);
    },
  };
};

const ingress = (template: Template) =>
  ofType(template.toJSON(), 'AWS::EC2::SecurityGroup')
    .filter(([id]) => id.includes('Balancer'))
    .flatMap(([, { Properties }]) => (Properties.SecurityGroupIngress ?? []) as { FromPort: number; CidrIp: unknown }[])
    .map(({ FromPort, CidrIp }) => [FromPort, resolved(CidrIp)]);

describe('a web service', () => {
  const { template } = siteOf();

  test('has its own load balancer, for its network alone', () => {
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' });
    expect(ingress(template)).toEqual([[80, expect.stringMatching(/^<Network.*CidrBlock>$/)]]);
  });

  test('checks health on its path, every 10 s, and lets tasks finish within their stop timeout', () => {
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      HealthCheckPath: '/health',
      HealthCheckIntervalSeconds: 10,
      HealthCheckTimeoutSeconds: 5,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 3,
      Port: 8080,
      TargetGroupAttributes: Match.arrayWith([{ Key: 'deregistration_delay.timeout_seconds', Value: '20' }]),
    });
    template.hasResourceProperties('AWS::ECS::Service', {
      HealthCheckGracePeriodSeconds: 60,
      AvailabilityZoneRebalancing: 'ENABLED',
      DesiredCount: Match.absent(),
    });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        Match.objectLike({
          PortMappings: [{ ContainerPort: 8080, Protocol: 'tcp' }],
          Environment: Match.arrayWith([{ Name: 'PORT', Value: '8080' }]),
        }),
      ],
    });
  });

  test('the scaler knows its target group, and no queue', () => {
    const binding: ServiceBinding = JSON.parse(
      ofType(template.toJSON(), 'AWS::SSM::Parameter')
        .map(([, { Properties }]) => resolved(Properties.Value))
        .join(''),
    );
    expect(binding).toMatchObject({
      queues: [],
      alb: {
        targetGroup: expect.stringMatching(/^<siteTargets/),
        loadBalancer: expect.stringContaining('siteBalancerListener'),
      },
      plan: { policy: { type: 'targetTracking' }, tasks: { min: 1 } },
    });
    expect(ofType(template.toJSON(), 'AWS::SQS::Queue')).toHaveLength(2);
  });
});

test('public: the internet may call, and nothing else changes', () => {
  const { template } = siteOf(() => ({ public: true }));
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internet-facing' });
  expect(ingress(template)).toEqual([[80, '0.0.0.0/0']]);
});

test('with a certificate: HTTPS, and HTTP is sent there', () => {
  const arn = 'arn:aws:acm:eu-central-1:123456789012:certificate/x';
  const { template } = siteOf((stack) => ({
    public: true,
    certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', arn),
  }));
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
    Port: 443,
    Protocol: 'HTTPS',
    Certificates: [{ CertificateArn: arn }],
  });
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
    Port: 80,
    DefaultActions: [Match.objectLike({ Type: 'redirect' })],
  });
  expect(
    ingress(template)
      .map(([port]) => port)
      .toSorted(),
  ).toEqual([443, 80]);
});

test('behind a listener of the user’s own: no load balancer is made', () => {
  const { template, site } = siteOf((stack) => ({
    port: 3000,
    healthPath: '/up',
    behind: {
      listener: elbv2.ApplicationListener.fromApplicationListenerAttributes(stack, 'Listener', {
        listenerArn:
          'arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/theirs/50dc6c495c0c9188/f2f7dc8efc522ab2',
        securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, 'Theirs', 'sg-12345678'),
      }),
      conditions: [elbv2.ListenerCondition.pathPatterns(['/site/*'])],
      priority: 10,
    },
  }));
  expect(site.loadBalancer).toBeUndefined();
  template.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 0);
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', { Priority: 10 });
  const text = resolved(ofType(template.toJSON(), 'AWS::SSM::Parameter').at(-1)?.[1].Properties.Value);
  expect(text).toContain('"loadBalancer":"app/theirs/50dc6c495c0c9188"');
});

test('a queue is refused: that is a worker', () => {
  expect(() => siteOf(() => ({ plan: planOf('convert') }))).toThrow(
    'web/site: found the queue "convert"; expected a plan without queues. Set "queue": false',
  );
});

test('rights and variables can be given', () => {
  const { stack, site } = siteOf();
  new s3.Bucket(stack, 'Files').grantRead(site);
  site.addEnvironment('FILES', 'x');
  const text = JSON.stringify(Template.fromStack(stack).toJSON());
  expect(text).toContain('s3:GetObject*');
  expect(text).toContain('"FILES"');
});

describe('the container’s own health check', () => {
  const checked = (startPeriod?: Duration) =>
    siteOf(() => ({ healthCheck: { command: ['CMD', 'true'], ...(startPeriod && { startPeriod }) } })).template;

  test('10 s, 5 s, 3 retries, a minute to start', () => {
    checked().hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        Match.objectLike({
          HealthCheck: { Command: ['CMD', 'true'], Interval: 10, Timeout: 5, Retries: 3, StartPeriod: 60 },
        }),
      ],
    });
  });

  test.each([29, 301])('a start period of %i s is refused', (seconds) => {
    expect(() => checked(Duration.seconds(seconds))).toThrow('healthCheck.startPeriod: found');
  });
});
