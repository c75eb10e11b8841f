import { z } from 'zod';
import type { TaskSize } from '../../model/plan.ts';
import { completeSize, isFargateSize, nearestFargateSizes, sizesBetween } from '../fargate-sizes.ts';
import { group, note, type RuleBroken, rule, wholeNumber } from './field.ts';

export const sizeFields = () => ({
  cpu: wholeNumber(1).meta(note('CPU of a task; 1,024 units are one vCPU.', { unit: 'CPU units' })),
  memoryMiB: wholeNumber(1).meta(note('Memory of a task.', { unit: 'MiB' })),
});

/** `worker.size`: both bounds are stated, since every size between them becomes a task definition. */
export const autoSizeSchema = () =>
  group({
    auto: z
      .boolean({ error: 'true or false' })
      .default(false)
      .meta({
        ...note(
          'Let the weekly report choose the size: at most once a week, in a quiet hour, put back when it does worse.',
        ),
        takes: 'true or false',
      }),
    min: group(sizeFields()).superRefine(rule(notFargate)).meta(note('Smallest size.')),
    max: group(sizeFields()).superRefine(rule(notFargate)).meta(note('Largest size.')),
  }).superRefine(rule(sizesBroken));

/** Each is a task definition of its own in the stack. */
const mostSizes = 24;

function sizesBroken({ min, max }: { min: TaskSize; max: TaskSize }): RuleBroken | undefined {
  const wrong = (['cpu', 'memoryMiB'] as const).find((field) => min[field] > max[field]);
  if (wrong !== undefined)
    return {
      path: ['min', wrong],
      found: `${wrong} ${min[wrong]} above the ${max[wrong]} of "max"`,
      expected: 'min at most max, in both',
      mend: 'Swap the two, or change one.',
    };
  const count = sizesBetween(min, max).length;
  if (count <= mostSizes) return undefined;
  return {
    found: `bounds with ${count} sizes of Fargate between them`,
    expected: `at most ${mostSizes}: each becomes a task definition`,
    mend: 'Bring the bounds together; 256/512 to 4096/8192 has 20.',
  };
}

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
