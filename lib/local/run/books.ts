import type { JobCounts } from '../../model/job-counts.ts';
import type { WorkloadJob } from '../../simulate/workload.ts';
import type { JobLine } from '../../worker/worker-log.ts';
import { accountsOf, countOf, sumAccounts } from './accounts.ts';

export interface QueueCount {
  readonly queued: number;
  readonly running: number;
  /** Messages in its dead-letter queue. */
  readonly dead: number;
}

/** What is known of one service's jobs. */
export interface ServiceBook {
  readonly service: string;
  readonly submitted: ReadonlySet<string>;
  /** By the workers' lines. */
  readonly done: ReadonlySet<string>;
  /** The first line of each job. */
  readonly lines: ReadonlyMap<string, JobLine>;
  readonly queued: number;
  readonly running: number;
  readonly dead: number;
}

/** Everything that was seen of a run so far, by service. */
export interface Books {
  sent(jobs: readonly WorkloadJob[]): void;
  finished(line: JobLine): void;
  /** The counters of all queues, by queue name. */
  counted(counts: Readonly<Record<string, QueueCount>>): void;
  /** By the last look: nothing waits and nothing runs. */
  empty(): boolean;
  services(): readonly ServiceBook[];
  accounts(): JobCounts & { readonly services: Readonly<Record<string, JobCounts>> };
}

/** A message on its way from one place to the next is in no counter for a moment: only what stays away is lost. */
const looksToBeLost = 3;

export const createBooks = (workload: readonly WorkloadJob[]): Books => {
  const names = [...new Set(workload.map((job) => job.service))];
  const queuesOf = Map.groupBy(workload, (job) => job.service);
  const pages = new Map(names.map((service) => [service, newPage(service, queuesOf.get(service) ?? [])] as const));
  let counts: Readonly<Record<string, QueueCount>> | undefined;

  const sumOfQueues = (page: Page, key: keyof QueueCount): number =>
    sumOf([...page.queues].map((queue) => counts?.[queue]?.[key] ?? 0));
  const bookOf = (page: Page): ServiceBook => ({
    ...page,
    queued: sumOfQueues(page, 'queued'),
    running: sumOfQueues(page, 'running'),
    dead: sumOfQueues(page, 'dead'),
  });
  const seenNow = (page: Page): JobCounts => {
    const { queued, running, dead } = bookOf(page);
    const done = countOf(page.done, page.submitted);
    return accountsOf({ submitted: page.submitted.size, done, failed: dead, queued, running });
  };
  const accountsNow = (page: Page): JobCounts => {
    const seen = seenNow(page);
    const lost = page.missing.length < looksToBeLost ? 0 : Math.min(seen.lost, ...page.missing);
    // What is in no counter just now has most likely been taken by a worker.
    return { ...seen, lost, running: seen.running + seen.lost - lost };
  };

  return {
    sent: (jobs) => {
      for (const job of jobs) pages.get(job.service)?.submitted.add(job.jobId);
    },
    finished: (line) => {
      const page = pages.get(line.service);
      if (page === undefined) return;
      if (line.outcome === 'done') page.done.add(line.jobId);
      if (!page.lines.has(line.jobId)) page.lines.set(line.jobId, line);
    },
    counted: (newCounts) => {
      counts = newCounts;
      for (const page of pages.values()) {
        page.missing = [...page.missing, seenNow(page).lost].slice(-looksToBeLost);
      }
    },
    empty: () =>
      counts !== undefined && sumOf(Object.values(counts).map((count) => count.queued + count.running)) === 0,
    services: () => [...pages.values()].map(bookOf),
    accounts: () => {
      const services = Object.fromEntries([...pages].map(([service, page]) => [service, accountsNow(page)] as const));
      return { ...sumAccounts(Object.values(services)), services };
    },
  };
};

interface Page {
  readonly service: string;
  readonly queues: ReadonlySet<string>;
  readonly submitted: Set<string>;
  readonly done: Set<string>;
  readonly lines: Map<string, JobLine>;
  /** Unexplained jobs at the last looks. */
  missing: readonly number[];
}

const newPage = (service: string, jobs: readonly WorkloadJob[]): Page => ({
  service,
  queues: new Set(jobs.map((job) => job.queue)),
  submitted: new Set(),
  done: new Set(),
  lines: new Map(),
  missing: [],
});

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
