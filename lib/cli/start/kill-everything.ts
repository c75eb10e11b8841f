import type { LocalCloud } from '../../local/local-cloud.ts';
import { killGroup } from '../../local/tasks/kill-group.ts';

/** For the impatient: no draining, no report. Functions and the rest end with this process. */
export const killEverything = (cloud: LocalCloud | undefined, exitCode: number): never => {
  for (const { pid, stoppedAt } of cloud?.controlPlane.ecs.tasks() ?? []) {
    if (pid !== undefined && stoppedAt === undefined) killGroup(pid);
  }
  process.exit(exitCode);
};
