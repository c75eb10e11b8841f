/** Seconds since 1970-01-01T00:00:00Z, fractions allowed. */
export type EpochSeconds = number;
/** A length of time in seconds. */
export type Seconds = number;
/** Memory in mebibytes (1,048,576 bytes). */
export type MiB = number;
/** Fargate CPU units: 1,024 are one vCPU. */
export type CpuUnits = number;
/** United States dollars. */
export type Usd = number;
/** 0 to 100. */
export type Percent = number;
