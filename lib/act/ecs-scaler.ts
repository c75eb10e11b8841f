import { type ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { ServiceBinding } from '../model/binding.ts';
import type { Alert } from '../model/decision.ts';
import { sizeKey, type TaskSize } from '../model/plan.ts';
import { describeError } from '../observe/time-box.ts';

/** `changed: false` with certainty: ECS refused. `unknown`: it may or may not have happened. */
export type ScaleOutcome =
  | { readonly changed: true; readonly desired: number }
  | { readonly changed: false | 'unknown'; readonly alert: Alert };

/** The size changes too. `sameCount`: the count stays, and is not sent. */
export interface Resize {
  readonly to: TaskSize;
  readonly sameCount: boolean;
}

/** Changes a desired count, and only that unless the size changes: with nothing else in the call ECS starts no deployment. */
export class EcsScaler {
  readonly #ecs: ECSClient;

  constructor(ecs: ECSClient) {
    this.#ecs = ecs;
  }

  /** Never rejects. The outcome is what ECS answered, which is truer than reading it again: reads lag behind writes. */
  async setDesired(
    binding: ServiceBinding,
    desired: number,
    abortSignal: AbortSignal,
    resize?: Resize,
  ): Promise<ScaleOutcome> {
    const taskDefinition = resize && binding.taskDefinitions?.[sizeKey(resize.to)];
    if (resize && taskDefinition === undefined) return withoutDefinition(binding.plan.service, resize.to);
    try {
      const { service } = await this.#ecs.send(
        new UpdateServiceCommand({
          cluster: binding.cluster,
          service: binding.ecsService,
          ...(resize?.sameCount ? {} : { desiredCount: desired }),
          ...(taskDefinition === undefined ? {} : { taskDefinition }),
        }),
        { abortSignal },
      );
      return { changed: true, desired: service?.desiredCount ?? desired };
    } catch (error) {
      return toOutcome(error, binding.plan.service);
    }
  }
}

const withoutDefinition = (service: string, size: TaskSize): ScaleOutcome => {
  const text = `${service}: not changed, the binding has no task definition of ${sizeKey(size)}; deploy the stack again`;
  return { changed: false, alert: { code: 'sizeWithoutDefinition', severity: 'critical', text } };
};

/** By name: ThrottlingException is not a class of the ECS client. */
const refusals: Readonly<
  Record<string, { readonly code: string; readonly severity: Alert['severity']; readonly mend: string }>
> = {
  ServiceNotFoundException: { code: 'serviceNotFound', severity: 'critical', mend: 'deploy the stack again' },
  ServiceNotActiveException: { code: 'serviceNotActive', severity: 'critical', mend: 'the service is being deleted' },
  ClusterNotFoundException: { code: 'clusterNotFound', severity: 'critical', mend: 'deploy the stack again' },
  AccessDeniedException: {
    code: 'accessDenied',
    severity: 'critical',
    mend: 'allow ecs:UpdateService on the service, and iam:PassRole on its roles where a window has a size',
  },
  InvalidParameterException: { code: 'updateRefused', severity: 'critical', mend: 'see the message' },
  ThrottlingException: { code: 'throttled', severity: 'warning', mend: 'the next tick tries again' },
};

function toOutcome(error: unknown, service: string): ScaleOutcome {
  const text = describeError(error);
  const refusal = error instanceof Error && Object.hasOwn(refusals, error.name) ? refusals[error.name] : undefined;
  if (refusal !== undefined) {
    const { code, severity, mend } = refusal;
    return { changed: false, alert: { code, severity, text: `${service}: not scaled, ${mend} (${text})` } };
  }
  return {
    changed: 'unknown',
    alert: {
      code: 'actFailed',
      severity: 'warning',
      text: `${service}: no answer from ECS, the next tick looks again (${text})`,
    },
  };
}
