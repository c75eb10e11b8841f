import { readFile } from 'node:fs/promises';

export interface MemoryReading {
  readonly usedBytes: number;
  readonly limitBytes: number;
}

/** Reads how much of the container's memory is in use. Undefined: nobody sets a limit. */
export type ReadMemory = () => Promise<MemoryReading | undefined>;

/** What the reader asks of its surroundings. */
export interface MemorySources {
  readonly readText: (path: string) => Promise<string>;
  readonly fetchJson: (url: string) => Promise<unknown>;
  readonly rssBytes: () => number;
}

/** Where the limit comes from: said outright (MiB), the cgroup, or the task's metadata. */
export const createReadMemory = (
  environment: Readonly<Record<string, string | undefined>>,
  limitMiB: number | undefined,
  sources: MemorySources = systemSources,
): ReadMemory => {
  let limit: Promise<number | undefined> | undefined;
  return async () => {
    limit ??= limitMiB === undefined ? findLimit(environment, sources) : Promise.resolve(limitMiB * mib);
    const limitBytes = await limit;
    return limitBytes === undefined ? undefined : { usedBytes: await used(sources), limitBytes };
  };
};

const mib = 1024 * 1024;

/** A container without a limit of its own has the host's as "limit", or a number near 2^63. */
const noLimitAbove = 2 ** 50;

const findLimit = async (
  environment: Readonly<Record<string, string | undefined>>,
  sources: MemorySources,
): Promise<number | undefined> => {
  const limits = await Promise.all([
    number(sources, '/sys/fs/cgroup/memory.max'),
    number(sources, '/sys/fs/cgroup/memory/memory.limit_in_bytes'),
    taskLimit(environment.ECS_CONTAINER_METADATA_URI_V4, sources),
  ]);
  const real = limits.filter((one): one is number => one !== undefined && one > 0 && one < noLimitAbove);
  return real.length === 0 ? undefined : Math.min(...real);
};

/** Children (ffmpeg, say) count too, page cache that the kernel can drop does not. Outside a cgroup: this process. */
const used = async (sources: MemorySources): Promise<number> => {
  const current = await number(sources, '/sys/fs/cgroup/memory.current');
  if (current === undefined) return sources.rssBytes();
  const stat = await sources.readText('/sys/fs/cgroup/memory.stat').catch(() => '');
  const reclaimable = Number(/^inactive_file (\d+)$/m.exec(stat)?.[1] ?? 0);
  return Math.max(sources.rssBytes(), current - reclaimable);
};

const number = async (sources: MemorySources, path: string): Promise<number | undefined> => {
  try {
    const value = Number((await sources.readText(path)).trim());
    return Number.isFinite(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const taskLimit = async (metadataUri: string | undefined, sources: MemorySources): Promise<number | undefined> => {
  if (metadataUri === undefined) return undefined;
  try {
    const task = (await sources.fetchJson(`${metadataUri}/task`)) as { readonly Limits?: { readonly Memory?: number } };
    return task.Limits?.Memory === undefined ? undefined : task.Limits.Memory * mib;
  } catch {
    return undefined;
  }
};

const systemSources: MemorySources = {
  readText: (path) => readFile(path, 'utf8'),
  fetchJson: async (url) => (await fetch(url, { signal: AbortSignal.timeout(2000) })).json(),
  rssBytes: () => process.memoryUsage.rss(),
};
