import type { CpuUse } from '../../report/run/run-record.ts';

const windowSeconds = 10;

/** Workers may take this much of the two cores that a run is made for; above, they wait for each other. */
export const limitCores = 0.6 * 2;

export interface CpuMeter {
  /** `cpuSeconds` is what each process has used since it began. A process that is gone keeps what it had. */
  look(at: number, processes: readonly { readonly id: string; readonly cpuSeconds: number }[]): void;
  /** Cores in use over the last ten seconds. */
  now(): number;
  use(): CpuUse;
}

/** Turns the growing CPU times of many processes that come and go into cores in use. */
export const createCpuMeter = (): CpuMeter => {
  const used = new Map<string, number>();
  const looks: { readonly at: number; readonly total: number }[] = [];
  let peak = 0;

  const now = (): number => {
    const last = looks.at(-1);
    // The newest look that lies a whole window back: a shorter span would take a start of many for a steady use.
    const from = looks.findLast((look) => last !== undefined && last.at - look.at >= windowSeconds) ?? looks[0];
    return coresBetween(from, last, windowSeconds);
  };

  return {
    look: (at, processes) => {
      for (const { id, cpuSeconds } of processes) used.set(id, Math.max(used.get(id) ?? 0, cpuSeconds));
      looks.push({ at, total: [...used.values()].reduce((sum, seconds) => sum + seconds, 0) });
      peak = Math.max(peak, now());
    },
    now,
    use: () => ({ meanCores: coresBetween(looks[0], looks.at(-1), windowSeconds), peakCores: peak, limitCores }),
  };
};

const coresBetween = (from: Look | undefined, to: Look | undefined, atLeastSeconds: number): number => {
  if (from === undefined || to === undefined) return 0;
  const seconds = Math.max(to.at - from.at, atLeastSeconds);
  return seconds > 0 ? (to.total - from.total) / seconds : 0;
};

interface Look {
  readonly at: number;
  readonly total: number;
}
