import { completeSize, isFargateSize, nearestFargateSizes } from '../fargate-sizes.ts';
import { note, type RuleBroken, wholeNumber } from './field.ts';

export const sizeFields = () => ({
  cpu: wholeNumber(1).meta(note('CPU of a task; 1,024 units are one vCPU.', { unit: 'CPU units' })),
  memoryMiB: wholeNumber(1).meta(note('Memory of a task.', { unit: 'MiB' })),
});

/** Fargate sells certain pairs only. What is not given is filled in to fit, so it cannot be wrong. */
export const notFargate = (given: { cpu?: number; memoryMiB?: number }): RuleBroken | undefined => {
  const size = completeSize(given);
  if (isFargateSize(size)) return undefined;
  const near = nearestFargateSizes(size).map(({ cpu, memoryMiB }) => `${cpu}/${memoryMiB}`);
  return {
    found: `cpu ${size.cpu} with memoryMiB ${size.memoryMiB}`,
    expected: 'a size that Fargate offers',
    mend: `The nearest (cpu/memoryMiB) are ${near.join(' and ')}.`,
  };
};
