import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { JobLine, LifeLine } from '../worker-log.ts';
import type { WorkerState } from './worker-state.ts';
import { isJobLine } from './worker-stats.ts';

/** The worker's figures as Prometheus text. */
export interface WorkerMetrics {
  see(line: JobLine | LifeLine): void;
  text(state: WorkerState): Promise<string>;
  readonly contentType: string;
}

const secondsBuckets = [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

export const createWorkerMetrics = (service: string): WorkerMetrics => {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const jobs = new Counter({
    name: 'sluice_job_attempts_total',
    help: 'Ended attempts by queue, type and outcome (done, failed, deadLettered).',
    labelNames: ['queue', 'type', 'outcome'],
    registers,
  });
  const run = new Histogram({
    name: 'sluice_job_run_seconds',
    help: 'Run time of an attempt.',
    labelNames: ['queue'],
    buckets: secondsBuckets,
    registers,
  });
  const waited = new Histogram({
    name: 'sluice_job_wait_seconds',
    help: 'From sent to the first start.',
    labelNames: ['queue'],
    buckets: secondsBuckets,
    registers,
  });
  const gauge = (name: string, help: string, labelNames: readonly string[] = []): Gauge =>
    new Gauge({ name, help, labelNames: [...labelNames], registers });
  const active = gauge('sluice_jobs_active', 'Jobs that run now.');
  const allowed = gauge('sluice_jobs_allowed', 'Jobs that may run at a time now.');
  const shielded = gauge('sluice_task_protected', '1 while this task is protected from scale-in.');
  const used = gauge('sluice_memory_used_bytes', 'Memory in use in the container.');
  const limit = gauge('sluice_memory_limit_bytes', 'Memory limit of the container.');
  const messages = gauge('sluice_queue_messages', 'Approximate messages in the queue.', ['queue', 'state']);
  const types = new Set<string>();

  return {
    contentType: registry.contentType,
    see: (line) => {
      if (!isJobLine(line)) return;
      const { queue, jobType = '-' } = line;
      // Types come from messages: a flood of invented ones must not become series.
      if (types.size < 100) types.add(jobType);
      const type = types.has(jobType) ? jobType : 'other';
      const outcome = line.deadLetterReason === undefined ? line.outcome : 'deadLettered';
      jobs.inc({ queue, type, outcome });
      run.observe({ queue }, line.serviceSeconds);
      if (line.receiveCount <= 1) waited.observe({ queue }, line.waitSeconds);
    },
    text: (state) => {
      active.set(state.activeJobs);
      allowed.set(state.allowedJobs);
      shielded.set(state.protected ? 1 : 0);
      if (state.memory !== null) {
        used.set(state.memory.usedBytes);
        limit.set(state.memory.limitBytes);
      }
      messages.reset();
      for (const [queue, counts] of Object.entries(state.queues))
        if (counts !== null)
          for (const [name, count] of Object.entries(counts)) messages.set({ queue, state: name }, count);
      return registry.metrics();
    },
  };
};
