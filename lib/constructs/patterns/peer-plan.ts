import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { toServicePlan } from '../../config/parse-config.ts';
import type { Config } from '../../config/schema/config-schema.ts';
import type { ServicePlan } from '../../model/plan.ts';
import type { QueueProcessingFargateServiceProps } from './queue-processing-fargate-service.ts';

type Words = Config['services'][string];

/** The peer's scaling props in the words of a config. */
export const peerPlan = (name: string, props: QueueProcessingFargateServiceProps, queue: sqs.IQueue): ServicePlan => {
  const { slo, schedule, mode, priors, priority, signals, flaps, fallback, timeZone } = props;
  const words: Words = {
    queue: { name, fifo: queue.fifo },
    ...present({ slo, schedule, mode, priors, priority, signals, flaps, fallback, timeZone }),
    tasks: { min: props.minScalingCapacity ?? 1, max: props.maxScalingCapacity ?? 2 },
    worker: {
      concurrency: props.concurrency ?? 1,
      cpu: props.taskDefinition?.cpu ?? props.cpu ?? 256,
      memoryMiB: props.taskDefinition?.memoryMiB ?? props.memoryLimitMiB ?? 512,
    },
    policy: props.policy ?? policyOf(props),
    behavior: props.behavior ?? behaviorOf(props),
  };
  // The image is not known to run Sluice's runtime.
  return { ...toServicePlan(name, words), reports: false };
};

/** The promise, and where a CPU target was asked for, the larger of the two. */
const policyOf = ({
  cpuTargetUtilizationPercent: target,
  disableCpuBasedScaling,
}: QueueProcessingFargateServiceProps): NonNullable<Words['policy']> =>
  target === undefined || disableCpuBasedScaling === true
    ? { type: 'slo' }
    : { type: 'max', of: [{ type: 'slo' }, { type: 'targetTracking', signals: [{ signal: 'cpu', target }] }] };

const behaviorOf = ({ cooldown }: QueueProcessingFargateServiceProps): NonNullable<Words['behavior']> => {
  if (cooldown === undefined) return {};
  const cooldownSeconds = cooldown.toSeconds();
  return { scaleOut: { cooldownSeconds }, scaleIn: { cooldownSeconds } };
};

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

const present = <T extends object>(given: T): Present<T> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Present<T>;
