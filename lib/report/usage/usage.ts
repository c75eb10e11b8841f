import type { TaskBounds, TaskSize } from '../../model/plan.ts';
import type { Behavior, Policy } from '../../model/policy.ts';
import type { EpochSeconds, MiB, Percent, Seconds, Usd } from '../../model/units.ts';

/**
 * What an account used, hour by hour: all that the report's arithmetic knows. Every series has `hours` values from
 * `from` on; null is "not known", never zero. Read from the account, from our own rollups, or from a usage file.
 */
export interface Usage {
  readonly currency: 'USD';
  /** Of the people who read the report: windows are stated in it. IANA name. */
  readonly timeZone: string;
  /** YYYY-MM-DD in `timeZone`: neither working days nor weekends, and judged apart. */
  readonly holidays: readonly string[];
  /** Start of the first hour, a multiple of 3,600. */
  readonly from: EpochSeconds;
  readonly hours: number;
  readonly services: readonly FargateUsage[];
  readonly instances: readonly InstanceUsage[];
  readonly orphans: readonly OrphanUsage[];
  readonly commitments: readonly HeldCommitment[];
  /** What Cost Explorer says of the same hours. Empty: not asked, or not allowed. */
  readonly bill: readonly BillLine[];
  /** What Sluice itself costs, reading this account included. Absent: nobody reckoned it. */
  readonly ownUsdPerMonth?: Usd;
  /** Sources that could not be read: each becomes a line of the report. */
  readonly unavailable: readonly UnavailableSource[];
}

export type Series = readonly (number | null)[];
export type Architecture = 'x86' | 'arm64';

export interface FargateUsage {
  readonly name: string;
  /** What to call it where `name` alone is not unique: the same service in two Regions. */
  readonly label?: string;
  readonly region: string;
  /** Who is asked before anything changes: a tag's value. */
  readonly owner?: string;
  readonly architecture: Architecture;
  readonly size: TaskSize;
  /** Of the task-hours, how many ran on Fargate Spot. 0 to 1. */
  readonly spotShare: number;
  readonly publicIpv4: boolean;
  readonly slo?: { readonly percent: Percent; readonly startWithinSeconds: Seconds };
  readonly bounds: TaskBounds;
  /** Absent: Sluice's `slo`. */
  readonly scaling?: Scaling;
  /** Jobs that one task works on at a time. */
  readonly concurrency: number;
  /** When it got its size. Percentages from before are of another size, and no advice rests on them. */
  readonly sizeSince?: EpochSeconds;
  /** The sizes that may be advised. Absent: all that Fargate has. */
  readonly sizes?: readonly TaskSize[];
  /** Run time of a job. Absent: nobody measured it, and nothing is advised that rests on it. */
  readonly serviceSeconds?: { readonly mean: Seconds; readonly p99: Seconds };
  /** From the call to a task that takes jobs. */
  readonly startSeconds: { readonly median: Seconds; readonly p95: Seconds };
  /** The handler may be stopped and run again: it is idempotent, or it saves its progress. */
  readonly interruptible: boolean;
  /** Its image exists for both architectures. Absent: not known. */
  readonly multiArch?: boolean;
  readonly hourly: {
    /** Mean count of billed tasks. */
    readonly tasks: Series;
    /** The minimum that was in force. Absent: `bounds.min` all the time. */
    readonly min?: Series;
    /** Of the tasks, those on demand. Absent: all but `spotShare` of them. */
    readonly onDemand?: Series;
    readonly jobs?: Series;
    readonly late?: Series;
    readonly failed?: Series;
    /** Of the task's CPU: mean over tasks and minutes, and the 99th percentile of the busiest task's minutes. */
    readonly cpuMeanPercent?: Series;
    readonly cpuP99Percent?: Series;
    readonly memoryMaxPercent?: Series;
  };
  /** Jobs by minute, ending with the last hour: what the simulator replays. */
  readonly arrivalsByMinute?: readonly number[];
  /** What it costs beside its tasks and their addresses. In the cost of a job; in no advice. */
  readonly overheads?: readonly Overhead[];
}

/** What sets the count of tasks. */
export type Scaling =
  | { readonly by: 'sluice'; readonly policy: Policy; readonly behavior: Behavior }
  /** Something else, or a policy of the schedule's windows: of it is known only what it did, hour by hour. */
  | { readonly by: 'other'; readonly what: string };

export interface Overhead {
  /** `SQS requests of convert`. */
  readonly what: string;
  /** On average over the window. */
  readonly usdPerHour: Usd;
}

export type InstanceKind = 'ec2' | 'rds' | 'elasticache';

export interface InstanceUsage {
  readonly kind: InstanceKind;
  readonly id: string;
  /** What to call it where `id` alone is not unique: databases of one name in two Regions. */
  readonly label?: string;
  readonly region: string;
  readonly owner?: string;
  /** `m5.large`, `db.r6g.large`, `cache.t4g.small`. */
  readonly type: string;
  /** `linux`; `mysql`, `postgres`, …; `redis`, `valkey`, `memcached`. */
  readonly engine: string;
  /** RDS: a standby that costs the same again. */
  readonly multiAz: boolean;
  /** Nodes of the cluster; 1 for EC2 and RDS. */
  readonly nodes: number;
  /** When it got its type. Percentages from before are of another type, and no advice rests on them. */
  readonly sizeSince?: EpochSeconds;
  /** What else must be known before a smaller class is advised. */
  readonly memoryMiB?: MiB;
  readonly maxConnections?: number;
  readonly hourly: {
    /** Share of the hour that it ran: 0 to 1. */
    readonly running: Series;
    readonly cpuMeanPercent?: Series;
    readonly cpuP99Percent?: Series;
    readonly memoryMaxPercent?: Series;
    readonly freeMemoryMinMiB?: Series;
    readonly swapMaxMiB?: Series;
    readonly connections?: Series;
    readonly evictions?: Series;
  };
}

/** Costs money and does nothing: an unattached address or volume, a NAT gateway without traffic. */
export interface OrphanUsage {
  readonly id: string;
  readonly what: string;
  readonly region: string;
  readonly owner?: string;
  readonly usdPerHour: Usd;
  /** Hours at the end of the window in which it was of no use. */
  readonly idleHours: number;
  readonly removeCommand: string;
}

export type CommitmentKind = 'computeSavingsPlan' | 'ec2SavingsPlan' | 'databaseSavingsPlan' | 'reservation';
export type PaymentOption = 'none' | 'partial' | 'all';

/** A Savings Plan or a reservation that the account holds already. Its fee is due whether it is used or not. */
export interface HeldCommitment {
  readonly id: string;
  readonly kind: CommitmentKind;
  /** Prefix of what it covers (`fargate/`, `ec2/us-east-1/m5`, `rds/eu-west-1/mysql/r6g`); a compute plan needs none. */
  readonly covers?: string;
  readonly years: 1 | 3;
  readonly payment: PaymentOption;
  /** What an hour costs, an upfront payment spread over the term. */
  readonly feeUsdPerHour: Usd;
  readonly until: EpochSeconds;
}

export interface BillLine {
  /** As Cost Explorer names it. */
  readonly service: string;
  readonly usd: Usd;
}

export interface UnavailableSource {
  readonly source: string;
  readonly because: string;
  /** The action or setting that would mend it. */
  readonly needs: string;
}
