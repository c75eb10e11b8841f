import type { AppliedSize } from '../model/applied.ts';
import type { Alert } from '../model/decision.ts';
import type { Observation, ServiceCounts } from '../model/observation.ts';
import { type Settings, sizeKey, type TaskSize } from '../model/plan.ts';
import type { SizeTrial } from '../model/state.ts';
import type { EpochSeconds, Percent, Seconds } from '../model/units.ts';

/** What an automatic size asks for at one tick. */
export interface AutoSized {
  readonly wanted: TaskSize;
  /** Stands for the window in `decideSize`: one change for each choice, and one back. */
  readonly reason: string;
  /** Present: the size stays whatever it is, and why. */
  readonly wait?: { readonly code: string; readonly text: string };
  /** For the next tick. Absent: nothing is being tried. */
  readonly trial?: SizeTrial;
}

/** How long a new size is watched. */
export const trialSeconds: Seconds = 7 * 86_400;
/** Fewer jobs prove nothing about their run times. */
const fewestJobs = 200;
/** Soon after the change only a size that is far worse is put back: a quiet hour may have other jobs than a busy one. */
const soon = { afterSeconds: 3600, factor: 2 } as const;
/** After a day its jobs are those of a day. */
const later = { afterSeconds: 86_400, factor: 1.25 } as const;
/** Of the memory, the mean of the tasks: little is left for the worst of them. */
const memoryGuardPercent: Percent = 90;
/** Tasks in a row; ECS itself gives up at three at the earliest. */
const failedStartsMax = 3;

/**
 * The size that an automatic one asks for, and how its trial goes. A new size waits for a quiet hour; one that does worse
 * goes back at once, whatever the hour.
 */
export const autoSize = (
  settings: Settings,
  service: ServiceCounts,
  observation: Observation,
  before: SizeTrial | undefined,
): AutoSized => {
  const { applied, size: wanted } = settings;
  const choice = applied?.size;
  const present = service.taskDefinition?.size;
  if (applied?.sizeUnknown && present !== undefined)
    return { wanted: present, reason: '', ...(before && { trial: before }) };
  if (choice === undefined) return { wanted, reason: '' };

  const trial = judged(choice, watched(choice, service, observation, before), service, observation);
  if (trial?.verdict !== undefined) return { wanted: choice.before, reason: reasonOf(choice, 'back'), trial };
  const common = { wanted, reason: reasonOf(choice, sizeKey(wanted)), ...(trial && { trial }) };
  if (settings.quietHour || present === undefined || sizeKey(present) === sizeKey(wanted)) return common;
  const text = `The task size is to go to ${wanted.cpu / 1024} vCPU / ${wanted.memoryMiB / 1024} GiB (${choice.advice}) in the next quiet hour.`;
  return { ...common, wait: { code: 'sizeWaitsForQuiet', text } };
};

/** Somebody or a failed deployment put the size before back: that is a verdict too. */
export const putBack = (trial: SizeTrial | undefined, choice: AppliedSize, now: EpochSeconds): SizeTrial => ({
  ...(trial ?? freshTrial(choice)),
  verdict: { at: now, because: 'it was put back, by a failed deployment or by hand' },
});

/** To be told while the choice is still what lies over the config. */
export const trialAlert = (settings: Settings, trial: SizeTrial | undefined): Alert | undefined => {
  const choice = settings.applied?.size;
  if (choice === undefined || trial?.verdict === undefined) return undefined;
  const { size, before } = choice;
  const words = ({ cpu, memoryMiB }: TaskSize): string => `${cpu / 1024} vCPU / ${memoryMiB / 1024} GiB`;
  return {
    code: 'sizeRolledBack',
    severity: 'warning',
    text: `${settings.service}: the task size goes back from ${words(size)} to ${words(before)}, for ${trial.verdict.because}. It is not tried again for four weeks.`,
  };
};

const reasonOf = ({ from }: AppliedSize, to: string): string => `auto ${from} ${to}`;

const freshTrial = ({ from }: AppliedSize): SizeTrial => ({ of: from, since: 0, completed: 0, serviceSeconds: 0 });

/** Adds this tick to the trial: only jobs that ended while all tasks had the new size say anything. */
const watched = (
  choice: AppliedSize,
  { taskDefinition, deploymentInProgress }: ServiceCounts,
  { now, work }: Observation,
  before: SizeTrial | undefined,
): SizeTrial | undefined => {
  if (now < choice.from || sizeKey(choice.size) === sizeKey(choice.before)) return undefined;
  const trial = before?.of === choice.from ? before : freshTrial(choice);
  const isOn = taskDefinition?.size !== undefined && sizeKey(taskDefinition.size) === sizeKey(choice.size);
  if (!isOn || deploymentInProgress || trial.verdict !== undefined) return trial;
  // The jobs of the tick at which the last old task went are not counted.
  if (trial.since === 0) return { ...trial, since: now };
  if (now - trial.since > trialSeconds || !work.known || work.value.serviceSeconds === undefined) return trial;
  return {
    ...trial,
    completed: trial.completed + work.value.completed,
    serviceSeconds: trial.serviceSeconds + work.value.serviceSeconds,
  };
};

const judged = (
  choice: AppliedSize,
  trial: SizeTrial | undefined,
  service: ServiceCounts,
  { now, signals }: Observation,
): SizeTrial | undefined => {
  if (trial === undefined || trial.verdict !== undefined) return trial;
  const isOn =
    service.taskDefinition?.size !== undefined && sizeKey(service.taskDefinition.size) === sizeKey(choice.size);
  if (!isOn || (trial.since > 0 && now - trial.since > trialSeconds)) return trial;
  const because =
    startsFail(service) ??
    (trial.since > 0 ? (memoryIsFull(signals.memory) ?? jobsTakeLonger(choice, trial, now)) : undefined);
  return because === undefined ? trial : { ...trial, verdict: { at: now, because } };
};

const startsFail = ({ failedStarts }: ServiceCounts): string | undefined =>
  failedStarts >= failedStartsMax ? `${failedStarts} tasks in a row failed to start on it` : undefined;

const memoryIsFull = (memory: Observation['signals'][string] | undefined): string | undefined =>
  memory?.known && memory.value >= memoryGuardPercent
    ? `its tasks use ${Math.round(memory.value)} % of their memory`
    : undefined;

const jobsTakeLonger = ({ seconds }: AppliedSize, trial: SizeTrial, now: EpochSeconds): string | undefined => {
  const { since, completed, serviceSeconds } = trial;
  if (seconds === undefined || completed < fewestJobs) return undefined;
  const mean = serviceSeconds / completed;
  const isWorse = [soon, later].some(
    ({ afterSeconds, factor }) => now - since >= afterSeconds && mean > factor * seconds.expected,
  );
  return isWorse
    ? `a job takes ${mean.toFixed(2)} s on it (${completed} jobs) where ${seconds.expected.toFixed(2)} s were expected`
    : undefined;
};
