import { Draft } from '../draft.ts';
import type { Source } from '../source/source.ts';
import { hpaBehavior } from './behavior.ts';
import { hpaSyncSeconds, skipIdentity } from './hpa.ts';
import { cronWindows } from './keda-cron.ts';
import { pauses } from './keda-pause.ts';
import { importTriggers } from './keda-triggers.ts';

export const isScaledObject = (document: Source): boolean => document.get('kind')?.content === 'ScaledObject';

const pollSeconds = 30;
const idleSeconds = 300;

/** A KEDA ScaledObject: its own loop between 0 and 1, and the HPA that it makes for the rest. */
export const importScaledObject = (document: Source): Draft => {
  skipIdentity(document);
  const spec = document.need('spec', 'A ScaledObject has its triggers there.');
  const name = spec.get('scaleTargetRef', 'name')?.text() ?? document.get('metadata', 'name')?.text() ?? 'service';
  spec.get('scaleTargetRef')?.skip();
  const draft = new Draft(name, 'KEDA ScaledObject', document);
  draft.tickSeconds = hpaSyncSeconds;
  bounds(draft, spec);
  const config = spec.get('advanced', 'horizontalPodAutoscalerConfig');
  config?.get('name')?.skip();
  const { tolerance } = hpaBehavior(
    draft,
    config?.get('behavior'),
    'spec.advanced.horizontalPodAutoscalerConfig.behavior',
  );
  const triggers = spec.need('triggers', 'A ScaledObject has at least one trigger.').items();
  importTriggers(draft, triggers, tolerance);
  cronWindows(draft, triggers);
  looks(draft, spec);
  lastTask(draft, spec);
  fallback(draft, spec);
  pauses(draft, document);
  const restore = spec.get('advanced', 'restoreToOriginalReplicaCount');
  if (restore) draft.drop(restore, 'Removing Sluice leaves the desired count as it is.');
  draft.dropUnread();
  return draft;
};

const bounds = (draft: Draft, spec: Source): void => {
  const min = draft.usual(spec.get('minReplicaCount')?.wholeNumber(), 0, 'spec.minReplicaCount', 'tasks.min', 'KEDA');
  const max = draft.usual(spec.get('maxReplicaCount')?.wholeNumber(), 100, 'spec.maxReplicaCount', 'tasks.max', 'KEDA');
  const idle = spec.get('idleReplicaCount');
  const low = idle?.wholeNumber() ?? min;
  draft.service.tasks = { min: Math.min(low, min), max };
  if (idle !== undefined && low < min)
    draft.near(
      idle,
      `tasks.min ${low}`,
      `Sluice has one floor: ${low} when idle. The ${min} tasks at the first job become as many as the jobs need.`,
      'tasks.min',
    );
};

const looks = (draft: Draft, spec: Source): void => {
  const polling = spec.get('pollingInterval');
  const why = `KEDA looks for the first job at this interval and the HPA each ${hpaSyncSeconds} s; Sluice does both at one tick.`;
  if (polling === undefined)
    draft.habit(`nothing (KEDA: ${pollSeconds} s)`, `tickSeconds ${hpaSyncSeconds}`, why, 'tickSeconds');
  else {
    polling.wholeNumber(1);
    draft.near(polling, `tickSeconds ${hpaSyncSeconds}`, why, 'tickSeconds');
  }
};

/** The step from 1 to 0 has a clock of its own in KEDA; here it is the scale-in window. They agree when both are equal. */
const lastTask = (draft: Draft, spec: Source): void => {
  const given = spec.get('cooldownPeriod');
  const seconds = given?.wholeNumber() ?? idleSeconds;
  const window = draft.service.behavior?.scaleIn?.stabilizationSeconds ?? idleSeconds;
  const at = 'behavior.scaleIn.stabilizationSeconds';
  if (draft.service.tasks?.min !== 0 || seconds === window) return;
  const why = `KEDA removes the last task ${seconds} s after the last job, and the others after the window; Sluice has the window for all.`;
  if (given) draft.near(given, `${window} s`, why, at);
  else draft.habit(`nothing (KEDA: ${seconds} s)`, `${window} s`, why, at);
};

const fallback = (draft: Draft, spec: Source): void => {
  const given = spec.get('fallback');
  if (given === undefined) return;
  const failures = given.need('failureThreshold', 'KEDA requires it.').wholeNumber(1);
  const replicas = given.need('replicas', 'KEDA requires it.').wholeNumber();
  const behavior = given.get('behavior')?.text() ?? 'static';
  const every = spec.get('pollingInterval')?.wholeNumber(1) ?? pollSeconds;
  const afterMinutes = (failures * every) / 60;
  const count = counts[behavior];
  if (count === undefined) {
    draft.drop(given, 'Sluice has no formula over triggers that failed.');
    return;
  }
  draft.service.fallback = {
    afterMinutes,
    count: count === 'static' ? replicas : count,
    ...(count !== 'static' && count !== 'current' && { than: replicas }),
  };
  draft.near(
    given,
    `after ${afterMinutes} min`,
    `${failures} failures at ${every} s each: Sluice counts the time without a signal.`,
    'fallback',
  );
};

const counts: Readonly<Record<string, 'static' | 'current' | 'currentIfHigher' | 'currentIfLower'>> = {
  static: 'static',
  currentReplicas: 'current',
  currentReplicasIfHigher: 'currentIfHigher',
  currentReplicasIfLower: 'currentIfLower',
};
