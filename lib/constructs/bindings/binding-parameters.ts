import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { bindingParameterName, type ServiceBinding } from '../../model/binding.ts';
import { sizeKey } from '../../model/plan.ts';
import { sluiceVersion } from '../../model/version.ts';
import type { ScaledService } from '../scaled-service.ts';
import { queueOf } from '../worker/worker-environment.ts';
import { bindingPlan } from './binding-plan.ts';
import { splitBinding } from './split-binding.ts';

export interface BindingParametersProps {
  /** `/sluice/<stage>/` */
  readonly path: string;
  readonly shard: string;
  readonly table: string;
  /** ARN. Absent: nobody is told of alerts. */
  readonly alertTopic?: string;
  readonly target: ScaledService;
}

/** The binding of one service as SSM parameters: no size limit, no custom resource, and readable by people. */
export class BindingParameters extends Construct {
  /** With tokens in it. */
  readonly binding: ServiceBinding;

  constructor(scope: Construct, id: string, props: BindingParametersProps) {
    super(scope, id);
    this.binding = bindingOf(props);
    for (const [part, text] of splitBinding(this.binding).entries()) {
      new ssm.StringParameter(this, `Part${part}`, {
        parameterName: bindingParameterName(props.path, props.target.plan.service, part),
        stringValue: text,
      });
    }
  }
}

const bindingOf = ({ target, shard, table, alertTopic }: BindingParametersProps): ServiceBinding => ({
  plan: bindingPlan(target.plan, new Date().getUTCFullYear()),
  shard,
  version: sluiceVersion,
  table,
  ...(alertTopic !== undefined && { alertTopic }),
  cluster: target.cluster.clusterName,
  ecsService: target.service.serviceName,
  ...(target.tasks && {
    taskDefinitions: Object.fromEntries(
      target.tasks.map(({ size, taskDefinition }) => [sizeKey(size), taskDefinition.taskDefinitionArn]),
    ),
  }),
  ...(target.targetGroup && {
    alb: {
      targetGroup: target.targetGroup.targetGroupFullName,
      loadBalancer: target.targetGroup.firstLoadBalancerFullName,
    },
  }),
  queues: target.plan.queues.map(({ name }) => {
    const { queue, deadLetterQueue } = queueOf(name, target.queues);
    return {
      name,
      url: queue.queueUrl,
      ...(deadLetterQueue === undefined ? {} : { deadLetterUrl: deadLetterQueue.queueUrl }),
    };
  }),
});
