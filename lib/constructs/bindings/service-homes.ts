import { Stack, type StackProps } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/** A stack holds 500 resources, and a service takes about nine. */
export const servicesPerStack = 30;

/** The scopes in which one service is made. */
export interface ServiceHome {
  readonly services: Construct;
  readonly queues: Construct;
  /** Where its binding is written, when not beside the scaler. */
  readonly bindings?: Construct;
}

/**
 * Where each of `count` services is made, in their order: the first 30 in `first`, the others in further stacks of 30,
 * `<name>-2`, `<name>-3` …, which are deployed after it. A service that is put in front of others moves them: append.
 */
export const serviceHomes = (
  first: Stack,
  count: number,
  props: Pick<StackProps, 'env' | 'tags'>,
): readonly ServiceHome[] => {
  const stacks = Array.from({ length: Math.ceil(count / servicesPerStack) }, (_, i) => {
    if (i === 0) return first;
    const further = new Stack(first.node.scope ?? first, `${first.node.id}-${i + 1}`, {
      description: `Sluice: more queue workers of ${first.stackName}`,
      stackName: `${first.stackName}-${i + 1}`,
      ...(props.env && { env: props.env }),
      ...(props.tags && { tags: props.tags }),
    });
    further.addStackDependency(first);
    return further;
  });
  const homes = stacks.map((stack) => ({
    // Scopes of their own: a service may be called Cluster, and a queue like its service.
    services: new Construct(stack, 'Services'),
    queues: new Construct(stack, 'Queues'),
    ...(stack === first ? {} : { bindings: new Construct(stack, 'Bindings') }),
  }));
  return Array.from({ length: count }, (_, i) => homes[Math.floor(i / servicesPerStack)]).filter(
    (home) => home !== undefined,
  );
};
