import type { TaskSize } from '../model/plan.ts';
import type { CpuUnits, MiB } from '../model/units.ts';

/** What AWS Fargate (Linux) offers, as of November 2026: CPU units → memory. 1 vCPU = 1,024 units. */
const memoryByCpu: ReadonlyMap<CpuUnits, readonly MiB[]> = new Map([
  [256, [512, 1024, 2048]],
  [512, steps(1, 4, 1)],
  [1024, steps(2, 8, 1)],
  [2048, steps(4, 16, 1)],
  [4096, steps(8, 30, 1)],
  [8192, steps(16, 60, 4)],
  [16384, steps(32, 120, 8)],
]);

export const fargateSizes: readonly TaskSize[] = [...memoryByCpu].flatMap(([cpu, memories]) =>
  memories.map((memoryMiB) => ({ cpu, memoryMiB })),
);

export const isFargateSize = (size: TaskSize): boolean => memoryByCpu.get(size.cpu)?.includes(size.memoryMiB) ?? false;

/** The two valid sizes nearest in proportion, smaller first. */
export const nearestFargateSizes = (size: TaskSize): readonly TaskSize[] => {
  const octaves = (a: number, b: number): number => Math.abs(Math.log2(Math.max(a, 1) / b));
  const distance = (other: TaskSize): number => octaves(size.cpu, other.cpu) + octaves(size.memoryMiB, other.memoryMiB);
  return [...fargateSizes]
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, 2)
    .sort((a, b) => a.cpu - b.cpu || a.memoryMiB - b.memoryMiB);
};

/** Every size with CPU and memory between those of two. */
export const sizesBetween = (min: TaskSize, max: TaskSize): readonly TaskSize[] =>
  fargateSizes.filter(
    ({ cpu, memoryMiB }) =>
      cpu >= min.cpu && cpu <= max.cpu && memoryMiB >= min.memoryMiB && memoryMiB <= max.memoryMiB,
  );

/** Fills in what is left out: the smallest memory that goes with the CPU, the smallest CPU that goes with the memory. */
export const completeSize = (size: { readonly cpu?: CpuUnits; readonly memoryMiB?: MiB }): TaskSize => {
  const { memoryMiB } = size;
  const smallestCpu = fargateSizes.find((known) => memoryMiB === undefined || known.memoryMiB === memoryMiB)?.cpu;
  const cpu = size.cpu ?? smallestCpu ?? 256;
  return { cpu, memoryMiB: memoryMiB ?? memoryByCpu.get(cpu)?.[0] ?? 2 * cpu };
};

function steps(fromGiB: number, toGiB: number, byGiB: number): readonly MiB[] {
  return Array.from({ length: (toGiB - fromGiB) / byGiB + 1 }, (_, i) => (fromGiB + i * byGiB) * 1024);
}
