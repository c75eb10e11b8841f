import type { ControlPlane, TaskView } from '../../local/control-plane.ts';
import type { Seconds } from '../../model/units.ts';

/**
 * Kills workers without warning. Call the result about once a second with the time since the first job: it kills one
 * worker for each time that has come, and returns those it killed. Where no worker is busy yet, it waits for one.
 */
export const createChaos = (
  times: readonly Seconds[],
  ecs: Pick<ControlPlane['ecs'], 'tasks' | 'killTask'>,
): ((sinceFirstJob: Seconds) => readonly TaskView[]) => {
  const due = times.toSorted((a, b) => a - b);
  return (now) => {
    const killed: TaskView[] = [];
    while (due.length > 0 && (due[0] ?? 0) <= now) {
      const victim = ecs.tasks().find((task) => isBusy(task) && !killed.includes(task));
      if (victim === undefined || !ecs.killTask(victim.id, 'SIGKILL')) break;
      killed.push(victim);
      due.shift();
    }
    return killed;
  };
};

/** Workers protect themselves while they hold a job. */
const isBusy = (task: TaskView): boolean =>
  task.lastStatus === 'RUNNING' && task.desiredStatus === 'RUNNING' && task.protectedUntil !== undefined;
