import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

/**
 * Public subnets and no NAT gateway. A worker only calls out; a public address costs USD 0.005 an hour while a task
 * runs, a NAT gateway USD 0.045 an hour for ever plus 0.045 per GB. The security group lets nothing in.
 */
export class WorkerNetwork extends ec2.Vpc {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      maxAzs: 3,
      natGateways: 0,
      subnetConfiguration: [{ name: 'worker', subnetType: ec2.SubnetType.PUBLIC }],
      // Would add a custom resource with a Lambda function of its own; nothing here uses that group.
      restrictDefaultSecurityGroup: false,
    });
  }
}
