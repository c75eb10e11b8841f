import type { ServiceBinding } from '../model/binding.ts';
import type { ServiceCounts } from '../model/observation.ts';
import type { TaskSize } from '../model/plan.ts';

/**
 * What a service's task definition is to Sluice, by its ARN alone: DescribeTaskDefinition would cost a call a tick.
 * Without definitions in the binding nothing is said.
 */
export const seenDefinition = (
  arn: string | undefined,
  known: ServiceBinding['taskDefinitions'],
): Pick<ServiceCounts, 'taskDefinition'> => {
  if (arn === undefined || known === undefined) return {};
  const name = nameOf(arn);
  const same = Object.entries(known).find(([, ours]) => nameOf(ours) === name);
  if (same) return { taskDefinition: { name, origin: 'template', size: sizeOf(same[0]) } };
  const kin = Object.entries(known).find(([, ours]) => familyOf(nameOf(ours)) === familyOf(name));
  return {
    taskDefinition: kin ? { name, origin: 'otherRevision', size: sizeOf(kin[0]) } : { name, origin: 'foreign' },
  };
};

/** `family:revision`, of an ARN or as it is. */
const nameOf = (arn: string): string => arn.split('/').at(-1) ?? arn;
const familyOf = (name: string): string => name.split(':')[0] ?? name;

const sizeOf = (key: string): TaskSize => {
  const [cpu = 0, memoryMiB = 0] = key.split('/').map(Number);
  return { cpu, memoryMiB };
};
