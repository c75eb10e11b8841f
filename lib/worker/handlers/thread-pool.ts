import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Piscina } from 'piscina';
import type { RunInThread } from './handlers-by-type.ts';

export interface ThreadPoolOptions {
  /** Default: one for each CPU that this process may use. */
  readonly threads?: number | undefined;
  /** Heap of a thread; a job that needs more fails alone, not with its process. Default: as Node has it. */
  readonly threadMemoryMiB?: number | undefined;
}

/** How long a thread without work is kept. */
const idleMs = 30_000;

/**
 * Threads for CPU-bound handlers. One job a thread; the pool comes to life with the first job. A fired signal ends the
 * thread, whatever it does; a thread that dies fails its job and no other.
 */
export const threadPool = (options: ThreadPoolOptions = {}): RunInThread => {
  let pool: Promise<Piscina> | undefined;
  return async (file, job, signal) => {
    pool ??= open(options);
    return (await pool).run(job, { filename: urlOf(file), signal });
  };
};

const open = async ({ threads, threadMemoryMiB }: ThreadPoolOptions): Promise<Piscina> => {
  const { Piscina } = await import('piscina');
  return new Piscina({
    minThreads: 0,
    ...(threads === undefined ? {} : { maxThreads: threads }),
    idleTimeout: idleMs,
    recordTiming: false,
    ...(threadMemoryMiB === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: threadMemoryMiB } }),
  });
};

const urlOf = (file: string | URL): string => {
  if (file instanceof URL || file.startsWith('file:')) return String(file);
  return pathToFileURL(isAbsolute(file) ? file : resolve(file)).href;
};
