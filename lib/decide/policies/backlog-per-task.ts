import type { BacklogPerTaskPolicy } from '../../model/policy.ts';
import type { Json } from '../../model/state.ts';
import type { PolicyInput, PolicyOutput } from './proposal.ts';
import { ceilCount, shown } from './rounding.ts';
import { cannotTell, settle } from './settle.ts';
import { SignalReader } from './signal-reader.ts';

/**
 * `ceil(backlog / target)`, with the target given or as acceptable latency / time per job.
 * Out goes by the visible jobs, as AWS advises; in goes by visible and in flight, because a task that works is not spare.
 * Without `secondsPerJob` the time per job is measured from the work reports (memory: one number, in seconds).
 */
export const backlogPerTask = (policy: BacklogPerTaskPolicy, input: PolicyInput): PolicyOutput => {
  const measured = measuredSecondsPerJob(input);
  const memory: { memory?: Json } = measured === undefined ? {} : { memory: measured };
  const target = targetOf(policy, measured);
  if (target === undefined) return { proposal: noTarget, ...memory };

  const signals = new SignalReader(input.observation);
  const visible = signals.read('queueDepth');
  if (visible === undefined) return { proposal: cannotTell('backlogPerTask', signals), ...memory };
  const inFlight = signals.read('activeJobs') ?? 0;

  const { current } = input;
  const out = ceilCount(visible / target);
  const rest = ceilCount((visible + inFlight) / target);
  const desired = out > current ? out : Math.min(current, rest);
  const text = `${shown(visible)} visible and ${shown(inFlight)} in flight at ${shown(target)} a task need ${desired > current ? out : rest} tasks.`;
  return { proposal: settle('backlogPerTask', signals, current, desired, text), ...memory };
};

const targetOf = (policy: BacklogPerTaskPolicy, measured: number | undefined): number | undefined => {
  if (policy.target !== undefined) return policy.target;
  const secondsPerJob = policy.secondsPerJob ?? measured;
  if (policy.latencySeconds === undefined || secondsPerJob === undefined || secondsPerJob <= 0) return undefined;
  return policy.latencySeconds / secondsPerJob;
};

/** How long one task takes for one job, with its slots side by side; a slow mean of what the workers reported. */
const measuredSecondsPerJob = ({ observation, settings, memory }: PolicyInput): number | undefined => {
  const before = typeof memory === 'number' && memory > 0 ? memory : undefined;
  const { work } = observation;
  if (!work.known || work.value.completed <= 0) return before;
  const seconds = work.value.serviceSeconds ?? work.value.busySlotSeconds;
  const now = seconds / work.value.completed / Math.max(1, settings.worker.concurrency);
  if (!(now > 0) || !Number.isFinite(now)) return before;
  return before === undefined ? now : before + 0.1 * (now - before);
};

const noTarget = {
  kind: 'unknown',
  code: 'backlogPerTaskUnknown',
  text: 'backlogPerTask has nothing to go by: no job was finished yet, so the time per job is not known.',
} as const;
