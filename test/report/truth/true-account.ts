import type { TruthArchitecture, TruthRegion } from './price-table.ts';

/** What nobody can see directly: how an account really works. Usage is what it shows of that. */
export interface TrueAccount {
  readonly seed: number;
  readonly services: readonly TrueService[];
  readonly databases: readonly TrueInstance[];
  /** A Compute Savings Plan that the account is bound to already, USD an hour. */
  readonly heldFee: number;
}

export interface TrueService {
  readonly name: string;
  readonly region: TruthRegion;
  readonly architecture: TruthArchitecture;
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly address: boolean;
  /** Seconds of a job on the size of today, and the share of them that computes. */
  readonly seconds: number;
  readonly computing: number;
  /** MiB that it takes at its worst. */
  readonly memoryPeakMiB: number;
  readonly percent: number;
  readonly within: number;
  readonly startP95: number;
  readonly min: number;
  readonly max: number;
  readonly interruptible: boolean;
  readonly bothArchitectures: boolean;
  /** Jobs by hour of the week, Monday 00:00 first. */
  readonly rate: readonly number[];
}

export interface TrueInstance {
  readonly id: string;
  readonly kind: 'ec2' | 'rds' | 'elasticache';
  readonly engine: string;
  readonly family: string;
  readonly size: string;
  readonly multiAz: boolean;
  /** Percent of the CPU at work; memory that it needs as a share of its own. */
  readonly cpuPeak: number;
  readonly memoryShare: number;
  /** Hours of the week in which somebody uses it. */
  readonly used: readonly boolean[];
}

/** Mulberry32: small, seeded, and not the generator of the code under test. */
export const dice = (seed: number): (() => number) => {
  let a = (seed * 2654435761) >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
};

export const weekHours = 168;
export const isWeekendHour = (h: number): boolean => h % weekHours >= 120;
export const hourOfDay = (h: number): number => h % 24;

/** An account that no two seeds share. */
export const drawAccount = (seed: number): TrueAccount => {
  const roll = dice(seed);
  const services = Array.from({ length: 1 + Math.floor(roll() * 2) }, (_, i) => drawService(`service-${i}`, roll));
  const databases = Array.from({ length: Math.floor(roll() * 3) }, (_, i) => drawInstance(`instance-${i}`, roll));
  const heldFee = roll() < 0.3 ? 0.02 + 0.3 * roll() : 0;
  return { seed, services, databases, heldFee };
};

const drawService = (name: string, roll: () => number): TrueService => {
  const pick = <Of>(of: readonly Of[]): Of => of[Math.floor(roll() * of.length)] as Of;
  const cpu = pick([512, 1024, 2048, 4096]);
  const opens = 6 + Math.floor(roll() * 4);
  const closes = 16 + Math.floor(roll() * 5);
  const day = pick([60, 150, 400]);
  const night = pick([0, 0, 10, 30]);
  const weekend = pick([0, 10, 40]);
  const rate = Array.from({ length: weekHours }, (_, h) =>
    isWeekendHour(h) ? weekend : hourOfDay(h) >= opens && hourOfDay(h) < closes ? day : night,
  );
  const seconds = pick([5, 20, 45, 90]);
  const computing = pick([0.05, 0.2, 0.5, 0.9]);
  return {
    name,
    region: pick(['us-east-1', 'eu-west-1'] as const),
    architecture: pick(['x86', 'x86', 'arm64'] as const),
    cpu,
    memoryMiB: cpu * pick([2, 4]),
    address: roll() < 0.3,
    seconds,
    computing,
    memoryPeakMiB: Math.round(cpu * pick([0.3, 0.9, 1.6])),
    percent: pick([95, 99]),
    within: pick([30, 60, 300]),
    startP95: 75,
    min: pick([0, 1, 3, 6]),
    max: 40,
    interruptible: roll() < 0.5,
    bothArchitectures: roll() < 0.7,
    rate,
  };
};

const drawInstance = (id: string, roll: () => number): TrueInstance => {
  const pick = <Of>(of: readonly Of[]): Of => of[Math.floor(roll() * of.length)] as Of;
  const kind = pick(['ec2', 'rds', 'elasticache'] as const);
  const office = roll() < 0.4;
  const used = Array.from(
    { length: weekHours },
    (_, h) => !office || (!isWeekendHour(h) && hourOfDay(h) >= 8 && hourOfDay(h) < 18),
  );
  return {
    id,
    kind,
    engine: { ec2: 'linux', rds: 'mysql', elasticache: 'redis' }[kind],
    family: kind === 'ec2' ? pick(['m5', 'r5']) : kind === 'rds' ? pick(['db.m5', 'db.m6g', 'db.m7g']) : 'cache.m6g',
    size: pick(['large', 'xlarge', '2xlarge']),
    multiAz: kind === 'rds' && roll() < 0.4,
    cpuPeak: pick([12, 30, 65]),
    memoryShare: pick([0.2, 0.34, 0.7]),
    used,
  };
};
