import type { Percent, Seconds } from '../../model/units.ts';
import type { Recommendation } from './recommend.ts';

/** The part of a config that a backtest can know. */
export interface BacktestConfig {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly queue: { readonly name: string };
        readonly worker: {
          readonly image?: string;
          readonly cpu: number;
          readonly memoryMiB: number;
          readonly concurrency: number;
          readonly architecture: 'x86' | 'arm64';
        };
        readonly slo: { readonly percent: Percent; readonly startWithinSeconds: Seconds };
        readonly tasks: { readonly min: number; readonly max: number };
        readonly mode: 'shadow';
      }
    >
  >;
}

export interface ConfigInput {
  readonly service: string;
  readonly queue: string;
  readonly image?: string;
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly concurrency: number;
  readonly architecture: 'x86' | 'arm64';
}

/** In shadow mode: it decides and records, and acts when its reader has seen enough. A fixed fleet is bounds that meet. */
export const configOf = (input: ConfigInput, { slo, tasks }: Recommendation): BacktestConfig => ({
  services: {
    [input.service]: {
      queue: { name: input.queue },
      worker: {
        ...(input.image !== undefined && { image: input.image }),
        cpu: input.cpu,
        memoryMiB: input.memoryMiB,
        concurrency: input.concurrency,
        architecture: input.architecture,
      },
      slo,
      tasks: { min: tasks.min, max: tasks.max },
      mode: 'shadow',
    },
  },
});
