/** The report on its way to people. */
export interface ReportMessage {
  /** ASCII, at most 100 characters: what SNS takes. */
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** One way to one reader. Each stands alone: what one cannot deliver is no other's business. */
export interface ReportChannel {
  /** `mail:team@example.com`, `topic`: under this name it is remembered that it has got the report. */
  readonly name: string;
  /** Rejects when it was not taken. */
  send(message: ReportMessage): Promise<void>;
}
