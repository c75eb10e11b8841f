import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import type { WebServiceProps } from './web-service.ts';

/** Puts the target group behind the listener given, or behind a load balancer that is made for it. */
export const webDoor = (
  scope: Construct,
  props: WebServiceProps,
  targetGroup: elbv2.ApplicationTargetGroup,
): elbv2.ApplicationLoadBalancer | undefined => {
  if (props.behind === undefined) return ownDoor(scope, props, targetGroup);
  const { listener, conditions, priority } = props.behind;
  listener.addTargetGroups('Targets', {
    targetGroups: [targetGroup],
    ...(conditions && { conditions: [...conditions] }),
    ...(priority !== undefined && { priority }),
  });
  return undefined;
};

const ownDoor = (
  scope: Construct,
  props: WebServiceProps,
  targetGroup: elbv2.ApplicationTargetGroup,
): elbv2.ApplicationLoadBalancer => {
  const { vpc } = props.cluster;
  const open = props.public ?? false;
  const loadBalancer = new elbv2.ApplicationLoadBalancer(scope, 'Balancer', {
    vpc,
    internetFacing: open,
    vpcSubnets: props.loadBalancerSubnets ?? (open ? { subnetType: ec2.SubnetType.PUBLIC } : props.vpcSubnets),
    // Headers that are not valid HTTP can smuggle requests past the load balancer.
    dropInvalidHeaderFields: true,
  });
  const secure = props.certificate !== undefined;
  const listener = loadBalancer.addListener('Listener', {
    port: secure ? 443 : 80,
    protocol: secure ? elbv2.ApplicationProtocol.HTTPS : elbv2.ApplicationProtocol.HTTP,
    ...(props.certificate && { certificates: [props.certificate], sslPolicy: elbv2.SslPolicy.RECOMMENDED_TLS }),
    open: false,
    defaultTargetGroups: [targetGroup],
  });
  const callers = open ? ec2.Peer.anyIpv4() : ec2.Peer.ipv4(vpc.vpcCidrBlock);
  listener.connections.allowDefaultPortFrom(callers, open ? 'Everybody' : 'The network alone');
  if (secure) {
    const plain = loadBalancer.addRedirect({ sourcePort: 80, targetPort: 443, open: false });
    plain.connections.allowDefaultPortFrom(callers, 'To be sent on to HTTPS');
  }
  return loadBalancer;
};
