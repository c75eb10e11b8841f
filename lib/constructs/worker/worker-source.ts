/** What a worker container runs: an image, or a TypeScript entry that Sluice bundles into one. At least one is needed. */
export interface WorkerSource {
  readonly image?: string;
  /** Relative to the project's folder. The local cloud runs it even when there is an image. */
  readonly entry?: string;
  /** Replaces the image's own command. The local cloud runs it when there is no entry. */
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Keeps job records.
   * @default - where the job API or `sendsTo` needs it
   */
  readonly jobs?: boolean;
  /**
   * Names of queues that next jobs may go to, beside the service's own.
   * @default - none
   */
  readonly sendsTo?: readonly string[];
}
