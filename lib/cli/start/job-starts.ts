import type { EpochSeconds } from '../../model/units.ts';
import type { JobStart } from '../../report/run/run-record.ts';
import type { JobLine } from '../../worker/worker-log.ts';

export interface JobStarts {
  /** Takes any line of a worker's stdout; what is no job line is left alone. */
  onWorkerLine(line: string): void;
  of(service: string): readonly JobStart[];
}

/** The first start of every job, from the lines that workers write when they are done with one. */
export const createJobStarts = (startedAt: EpochSeconds): JobStarts => {
  const byService = new Map<string, Map<string, JobStart>>();
  return {
    onWorkerLine: (line) => {
      const job = asJobLine(line);
      if (job === undefined) return;
      const starts = byService.get(job.service) ?? new Map<string, JobStart>();
      byService.set(job.service, starts);
      if (starts.has(job.jobId)) return;
      starts.set(job.jobId, { queue: job.queue, sentT: job.sentAt - startedAt, waitSeconds: job.waitSeconds });
    },
    of: (service) => [...(byService.get(service)?.values() ?? [])],
  };
};

const asJobLine = (line: string): JobLine | undefined => {
  if (!line.startsWith('{"sluice":"job"')) return undefined;
  try {
    return JSON.parse(line) as JobLine;
  } catch {
    // A worker that was killed may leave half a line.
    return undefined;
  }
};
