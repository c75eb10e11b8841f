import { pathToFileURL } from 'node:url';
import type { ServiceBinding } from '../../model/binding.ts';
import { traceWorkload } from '../../simulate/trace-workload.ts';
import { burstyDay, dayLikeWorkload, type ServiceLoad, steadyDay, type WorkloadJob } from '../../simulate/workload.ts';
import type { StartRequest } from './request.ts';

/** The jobs of a run, and in words what was done to a trace to make it fit. */
export interface RunWorkload {
  readonly jobs: readonly WorkloadJob[];
  readonly note?: string;
}

/** A day squeezed into the run, or the user's trace, over the services that have queues. */
export const workloadFor = async (
  { loadModule, minutes, seed, trace }: StartRequest,
  bindings: readonly ServiceBinding[],
): Promise<RunWorkload> => {
  const seconds = minutes * 60;
  const loads = loadModule === undefined ? bindings.flatMap(usualLoads) : await readLoads(loadModule);
  if (trace === undefined) return { jobs: dayLikeWorkload({ seed, seconds, services: loads }) };
  const services = loads.map((load) => ({ ...load, slots: slotsOf(load.service, bindings) }));
  const { jobs, summary } = traceWorkload({ seed, seconds, buckets: trace.buckets, services });
  return { jobs, note: summary };
};

const readLoads = async (file: string): Promise<readonly ServiceLoad[]> => {
  const module = (await import(pathToFileURL(file).href)) as { readonly load?: readonly ServiceLoad[] };
  if (module.load === undefined) throw new Error(`${file} does not export "load"`);
  return module.load;
};

/** Jobs that the largest fleet of a service runs at a time. */
const slotsOf = (service: string, bindings: readonly ServiceBinding[]): number => {
  const plan = bindings.find((binding) => binding.plan.service === service)?.plan;
  return plan === undefined ? 1 : plan.tasks.max * plan.worker.concurrency;
};

/** More a second than this would measure the machine. */
const jobsPerSecondMost = 12;
/** At the peak this share of the largest fleet is busy. */
const peakUse = 0.6;

/** What a service gets whose jobs we know nothing of: short jobs with a burst in its first queue, steady ones in others. */
const usualLoads = ({ plan }: ServiceBinding): readonly ServiceLoad[] => {
  const meanSeconds = plan.priors?.serviceSeconds ?? 0.8;
  const capacity = (plan.tasks.max * plan.worker.concurrency * peakUse) / meanSeconds;
  return plan.queues.map((queue, i) => ({
    service: plan.service,
    queue: queue.name,
    jobsPerSecondPeak: Math.min(jobsPerSecondMost, capacity) / plan.queues.length,
    curve: i === 0 ? burstyDay : steadyDay,
    serviceSeconds: { mean: meanSeconds, cv: 0.5, min: meanSeconds / 5, max: meanSeconds * 5 },
    payloadBytes: { mean: 20_000, cv: 0.5, min: 1_000, max: 200_000 },
  }));
};
