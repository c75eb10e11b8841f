import type { Usd } from '../model/units.ts';

/** The profile of a request/response workload, as open-data-pipeline describes it. */
export interface RequestProfile {
  readonly requestsPerDay: number;
  readonly peakMultiplier: number;
  readonly responseKb: number;
  readonly cacheHit: number;
  /** Shares of the requests that cost half as much again, and twice as much. */
  readonly expansions: number;
  readonly complex: number;
}

export const usualProfile: Omit<RequestProfile, 'requestsPerDay'> = {
  peakMultiplier: 3,
  responseKb: 50,
  cacheHit: 0.7,
  expansions: 0.3,
  complex: 0.1,
};

export interface RequestCapacity {
  readonly peakRps: number;
  /** Peak with the extra work of expansions and complex requests in plain requests. */
  readonly weightedRps: number;
  readonly replicas: number;
  readonly cpu: number;
  readonly memoryMb: number;
  readonly cacheGb: number;
  readonly cacheNodes: number;
  readonly databaseCpu: number;
  readonly databaseMemoryGb: number;
  readonly databaseStorageGb: number;
  readonly transferGbPerMonth: number;
  readonly usdPerMonth: Usd;
}

const daysPerMonth = 30.4;
const usd = { replica: 50, cacheGb: 30, databaseCpu: 100, databaseGb: 0.5, transferGb: 0.09 } as const;

/**
 * The rule of thumb of open-data-pipeline, with one correction: its own formula takes KB ÷ 1,024 for GB of transfer,
 * which is a thousand times too much.
 */
export const requestCapacity = (profile: RequestProfile): RequestCapacity => {
  const { requestsPerDay, peakMultiplier, responseKb, cacheHit, expansions, complex } = profile;
  const peakRps = (requestsPerDay / 86_400) * peakMultiplier;
  const weightedRps = peakRps * (1 + 0.5 * expansions + complex);
  const replicas = Math.max(replicasOfTier(requestsPerDay), Math.ceil(weightedRps / 50));
  // What the cache keeps is what is asked for more than once.
  const cacheGb = ((requestsPerDay * (1 - cacheHit)) / 1000) * 0.1;
  const databaseCpu = Math.max(1, Math.ceil((weightedRps * (1 - cacheHit)) / 100));
  const databaseStorageGb = Math.max(10, (requestsPerDay / 1000) * 0.01);
  const transferGbPerMonth = (requestsPerDay * daysPerMonth * responseKb) / 1024 ** 2;
  return {
    peakRps,
    weightedRps,
    replicas,
    cpu: Math.max(0.5, weightedRps / 100),
    memoryMb: Math.max(512, 10 * weightedRps) * 1.5,
    cacheGb,
    cacheNodes: Math.max(1, Math.ceil(cacheGb / 4)),
    databaseCpu,
    databaseMemoryGb: 2 * databaseCpu,
    databaseStorageGb,
    transferGbPerMonth,
    usdPerMonth:
      replicas * usd.replica +
      cacheGb * usd.cacheGb +
      databaseCpu * usd.databaseCpu +
      databaseStorageGb * usd.databaseGb +
      transferGbPerMonth * usd.transferGb,
  };
};

/** At least two, and more by the day's volume. */
const replicasOfTier = (requestsPerDay: number): number => {
  if (requestsPerDay < 1000) return 2;
  return requestsPerDay <= 10_000 ? 3 : 5;
};
