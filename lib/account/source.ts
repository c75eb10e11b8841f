import type { ReportSource } from '../model/report-rights.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';
import type {
  BillLine,
  FargateUsage,
  HeldCommitment,
  InstanceUsage,
  UnavailableSource,
} from '../report/usage/usage.ts';
import type { FoundOrphan } from './sources/orphans.ts';

/** Whole hours. */
export interface AccountWindow {
  /** A multiple of 3,600. */
  readonly from: EpochSeconds;
  readonly hours: number;
}

/** One thing that can be asked about an account. Each stands alone: what one cannot read is no other's business. */
export interface AccountSource {
  readonly source: ReportSource;
  /** Where; absent: the whole account. */
  readonly region?: string;
  /** Rejects when it knows nothing at all; what it knows in part it returns, with a line for the rest. */
  read(window: AccountWindow, abortSignal: AbortSignal): Promise<AccountPart>;
}

/** What one source knows. */
export interface AccountPart {
  readonly services?: readonly FoundService[];
  readonly instances?: readonly InstanceUsage[];
  readonly orphans?: readonly FoundOrphan[];
  readonly commitments?: readonly HeldCommitment[];
  readonly bill?: readonly BillLine[];
  readonly unavailable?: readonly UnavailableSource[];
  /** What the reading itself was charged for. */
  readonly asked?: Asked;
}

/** A service before what it costs beside its tasks has a price. */
export interface FoundService {
  readonly usage: FargateUsage;
  readonly overheads: readonly FoundOverhead[];
  /** What Sluice's own cost goes by. */
  readonly shard: { readonly name: string; readonly tickSeconds: Seconds };
  readonly queues: number;
  readonly busyTasks: number;
}

export interface FoundOverhead {
  readonly what: string;
  /** Whose id it is a part of. An orphan of that id is in the bill already. */
  readonly resource?: string;
  /** Key of `PriceBook.others`, and how much of it an hour took on average. */
  readonly priceKey: string;
  readonly perHour: number;
}

export interface Asked {
  /** Of CloudWatch, USD 0.01 per 1,000. */
  readonly metrics?: number;
  /** Of Cost Explorer, USD 0.01 each. */
  readonly billRequests?: number;
}
