import type { Draft } from './draft.ts';
import type { EcsEffect, Task } from './types.ts';

/** At the end of each period: one value for each running task of a service, relative to the size of the task. */
export const publishMetrics = (draft: Draft): void => {
  const period = draft.settings.metricPeriodSeconds;
  if (draft.now < draft.metricsAt + period) return;
  const end = Math.floor(draft.now / period) * period;
  for (const service of draft.services.values()) {
    const tasks = draft.tasksOf(service.key).filter((task) => task.usage.at > task.published.at);
    if (tasks.length === 0) continue;
    const base = { type: 'metric', cluster: service.cluster, service: service.name, at: end - period } as const;
    const effects: EcsEffect[] = [
      { ...base, name: 'CPUUtilization', values: tasks.map((task) => cpuPercent(draft, task)) },
      { ...base, name: 'MemoryUtilization', values: tasks.map((task) => memoryPercent(draft, task)) },
    ];
    draft.effects.push(...effects);
    for (const task of tasks) draft.patchTask(task.id, { published: task.usage });
  }
  draft.metricsAt = end;
};

const cpuPercent = (draft: Draft, { usage, published, ...task }: Task): number => {
  const seconds = usage.cpuSeconds - published.cpuSeconds;
  const share = draft.definitionOf({ usage, published, ...task }).cpu / 1024;
  return (100 * seconds) / (usage.at - published.at) / share;
};

const memoryPercent = (draft: Draft, task: Task): number =>
  (100 * task.usage.memoryMiB) / draft.definitionOf(task).memoryMiB;
