import type { Seconds } from './units.ts';

/** A bucket of `burst` requests that fills with `perSecond`. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** What a client may do, one name each; limits go by them. */
export type JobEndpoint = 'submit' | 'status' | 'result' | 'cancel' | 'list' | 'upload' | 'workflow';

export const jobEndpoints: readonly JobEndpoint[] = [
  'submit',
  'status',
  'result',
  'cancel',
  'list',
  'upload',
  'workflow',
];

/** One type of job that clients may submit. */
export interface JobTypePlan {
  /** The queue's name in the config. */
  readonly queue: string;
  /** JSON Schema that a payload must satisfy. Absent: any JSON. */
  readonly payload?: Readonly<Record<string, unknown>>;
}

/** A job API as the config wants it, every default filled in. Plain JSON: it travels in the function's environment. */
export interface JobApiPlan {
  readonly auth: 'iam' | 'key';
  /** By job type. */
  readonly types: Readonly<Record<string, JobTypePlan>>;
  readonly limits: {
    /** Each client, over all that it does; a batch counts its jobs. */
    readonly client: RateLimit;
    /** Each address (an IPv6 network of 64 bits), before anybody asks who it is. */
    readonly address: RateLimit;
    /** Each client, at one endpoint. */
    readonly endpoints: Readonly<Partial<Record<JobEndpoint, RateLimit>>>;
    /** Jobs that wait in one queue; more are refused until some have begun. */
    readonly queuedJobs: number;
    readonly bodyBytes: number;
    /** Of a payload that goes to the bucket by itself. */
    readonly uploadBytes: number;
    readonly batchJobs: number;
  };
  /** A job that has not begun by then expires, unless its submitter says otherwise. */
  readonly expiresAfterSeconds: Seconds;
  /** An equal job within this time is the same job. 0: every submission is a job of its own. */
  readonly sameWithinSeconds: Seconds;
  /** Web pages that may call it. Empty: none. */
  readonly corsOrigins: readonly string[];
}
