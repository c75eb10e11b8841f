/** Every function, and the most that its bundle may weigh in bytes: what it weighs is what a cold start reads. */
export const bundleLimitBytes: Readonly<Record<string, number>> = {
  // Four fifths is the SDK and the calendar. What people are told of alerts, and what was applied, came with 0.1.
  tick: 720_000,
  holidays: 1_900_000,
  jobs: 850_000,
  sweep: 650_000,
  // A dozen services to ask, EC2 alone a third of it; once a week, and nobody waits for it.
  report: 1_900_000,
};
