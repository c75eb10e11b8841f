/** A job that runs now, as the drain sees it. */
export interface ActiveJob {
  readonly ended: Promise<void>;
  /** Fires the job's signal and gives its message back at once; whatever the handler still does no longer counts. */
  cut(): Promise<void>;
}

export interface ActiveJobs {
  add(job: ActiveJob): void;
  all(): readonly ActiveJob[];
}

export const createActiveJobs = (): ActiveJobs => {
  const jobs = new Set<ActiveJob>();
  return {
    add: (job) => {
      jobs.add(job);
      void job.ended.finally(() => jobs.delete(job));
    },
    all: () => [...jobs],
  };
};
