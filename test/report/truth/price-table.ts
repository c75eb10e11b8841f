/** Prices of the truth: its own numbers, in USD an hour. Not those of any price list, so that nothing agrees by chance. */
export const taskPrices = {
  'us-east-1': {
    x86: { vcpu: 0.04, gib: 0.005, spotVcpu: 0.013, spotGib: 0.0015 },
    arm64: { vcpu: 0.032, gib: 0.004, spotVcpu: 0.0105, spotGib: 0.0012 },
  },
  'eu-west-1': {
    x86: { vcpu: 0.044, gib: 0.0055, spotVcpu: 0.014, spotGib: 0.0016 },
    arm64: { vcpu: 0.0352, gib: 0.0044, spotVcpu: 0.0112, spotGib: 0.0013 },
  },
} as const;

export type TruthRegion = keyof typeof taskPrices;
export type TruthArchitecture = keyof (typeof taskPrices)['us-east-1'];

export const addressPrice = 0.005;

/** Of a `large`; other sizes by powers of two. Multi-AZ twice as much. */
export const largePrices: Readonly<Record<string, number>> = {
  'ec2/linux/m5': 0.1,
  'ec2/linux/r5': 0.13,
  'rds/mysql/db.m5': 0.17,
  'rds/mysql/db.m6g': 0.15,
  'rds/mysql/db.m7g': 0.16,
  'elasticache/redis/cache.m6g': 0.15,
  'elasticache/valkey/cache.m6g': 0.12,
};

export const sizeSteps: Readonly<Record<string, number>> = { medium: 0.5, large: 1, xlarge: 2, '2xlarge': 4 };

/** One-year plans without upfront payment: price ÷ on demand. */
export const discounts = {
  fargatePlan: 0.8,
  ec2Plan: 0.72,
  ec2Reservation: 0.63,
  rdsReservation: 0.7,
  cacheReservation: 0.68,
  databasePlanGen7: 0.8,
} as const;

/** CPU units → least, most and step of memory, MiB. */
export const taskShapes: readonly (readonly [cpu: number, least: number, most: number, step: number])[] = [
  [256, 512, 2048, 0],
  [512, 1024, 4096, 1024],
  [1024, 2048, 8192, 1024],
  [2048, 4096, 16_384, 1024],
  [4096, 8192, 30_720, 1024],
];

export const memoriesOf = (cpu: number): readonly number[] => {
  const shape = taskShapes.find(([units]) => units === cpu);
  if (shape === undefined) return [];
  const [, least, most, step] = shape;
  if (step === 0) return [512, 1024, 2048];
  return Array.from({ length: (most - least) / step + 1 }, (_, i) => least + i * step);
};
