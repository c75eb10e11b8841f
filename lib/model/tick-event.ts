/** What Scheduler sends each minute, and what the tick function sends to itself for the ticks between. */
export interface TickEvent {
  readonly shard: string;
  /** ISO 8601, UTC: the instant that this tick stands for. Together with the shard it is the tick's identity. */
  readonly scheduledAt: string;
}
