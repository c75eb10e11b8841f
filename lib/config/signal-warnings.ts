import type { ServicePlan } from '../model/plan.ts';
import { isAlbMeasure } from '../model/signal.ts';
import type { ConfigWarning } from './config-warnings.ts';
import { type Path, pathText } from './input-issues.ts';
import type { CheckedService } from './schema/service-schema.ts';
import { namesUsed } from './signal-checks.ts';

/** Definitions that nobody looks at, and names of a load balancer where there is none. */
export const signalWarnings = (
  service: CheckedService | undefined,
  plan: ServicePlan,
  path: Path,
): readonly ConfigWarning[] => {
  const used = namesUsed(plan);
  const own = Object.keys(plan.signals ?? {});
  const unused = own.filter((name) => !used.has(name)).map((name) => ['signals', name]);
  if (service?.alb && ![...used].some((name) => isAlbMeasure(name) && !own.includes(name))) unused.push(['alb']);
  const reported = service?.alb ? [] : [...used].filter((name) => isAlbMeasure(name) && !own.includes(name));
  return [
    ...unused.map((at) => ({
      code: 'unusedSignal',
      path: pathText([...path, ...at]),
      text: 'no policy looks at it, so it is never read',
    })),
    ...(reported.length > 0
      ? [
          {
            code: 'reportedByTasks',
            path: pathText([...path, 'policy']),
            text: `${listed(reported)} ${reported.length > 1 ? 'are' : 'is'} expected from the tasks' own reports, as there is no "alb": while no task reports, nothing is scaled in by ${reported.length > 1 ? 'them' : 'it'}`,
          },
        ]
      : []),
  ];
};

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
