import type { ServicePlan, TaskSize } from '../model/plan.ts';
import type { Seconds, Usd } from '../model/units.ts';
import { boundsIn } from '../schedule/settings-at.ts';
import { type Path, pathText } from './input-issues.ts';
import { policiesIn } from './policy-plan.ts';
import type { CheckedConfig } from './schema/config-schema.ts';
import { signalWarnings } from './signal-warnings.ts';

/** Something that works and is probably not meant. */
export interface ConfigWarning {
  /** Stable, camelCase, for machines. */
  readonly code: string;
  readonly path: string;
  readonly text: string;
}

export const formatWarning = ({ path, text }: ConfigWarning): string => `warning: ${path}: ${text}`;

export const configWarnings = (config: CheckedConfig, plans: readonly ServicePlan[]): readonly ConfigWarning[] => [
  ...tickWarnings(config, plans.length),
  ...plans.flatMap((plan) => {
    const path = ['services', plan.service];
    return [
      ...promiseWarnings(config, plan, path),
      ...windowWarnings(config, plan, path),
      ...workerWarnings(config, plan, path),
      ...limitWarnings(config, plan, path),
      ...signalWarnings(config.services[plan.service], plan, path),
      ...zeroWarnings(plan, path),
    ];
  }),
  ...quotaWarnings(plans),
  ...alertWarnings(config),
];

/** Fargate, image of usual size (facts: 35 s median, 75 s for the slowest 5 %). */
const usualStartSeconds = { median: 35, p95: 75 } as const;
/** Per tick of one service: Lambda request and 0.5 s at 256 MB, attributes of one queue, one write, three requests of the tick queue. */
const usdPerTick: Usd = 4.5e-6;
const secondsPerMonth: Seconds = 730.5 * 3600;
const freshAccountVcpu = 6;

const warning = (code: string, path: Path, text: string): ConfigWarning => ({ code, path: pathText(path), text });

const tickWarnings = (config: CheckedConfig, services: number): readonly ConfigWarning[] => {
  if (config.tickSeconds >= 5) return [];
  const usd = ((secondsPerMonth / config.tickSeconds) * usdPerTick * services).toFixed(2);
  return [
    warning(
      'fastTick',
      ['tickSeconds'],
      `a tick of ${config.tickSeconds} s is meant for local runs; deployed it would cost about USD ${usd} a month for ${services === 1 ? 'one service' : `${services} services`}`,
    ),
  ];
};

const alertWarnings = ({ alerts }: CheckedConfig): readonly ConfigWarning[] =>
  alerts === undefined || alerts.topic !== undefined || alerts.email.length > 0
    ? []
    : [
        warning(
          'nobodyTold',
          ['alerts', 'email'],
          'is empty and "topic" is not given: a topic is made, and nobody is told until somebody subscribes to it',
        ),
      ];

const promiseWarnings = (config: CheckedConfig, plan: ServicePlan, path: Path): readonly ConfigWarning[] =>
  plan.queues.flatMap((queue, index) => {
    const listed = config.services[plan.service]?.queues?.[index]?.slo;
    const at = [...path, ...(listed ? ['queues', index] : []), 'slo', 'startWithinSeconds'];
    const slo = queue.startWithinSeconds;
    const found: ConfigWarning[] = [];
    if (slo < usualStartSeconds.p95) {
      const share =
        slo < usualStartSeconds.median
          ? `the usual ${usualStartSeconds.median} s that a Fargate task takes to start`
          : `the ${usualStartSeconds.p95} s within which 95 % of Fargate tasks have started`;
      found.push(
        warning(
          'sloBelowStart',
          at,
          `${slo} s is less than ${share}: a burst must be met by tasks that already run, so keep some spare (tasks.min, or a window's floor)`,
        ),
      );
    }
    if (slo < 2 * plan.tickSeconds)
      found.push(
        warning(
          'sloBelowTick',
          at,
          `${slo} s leaves no time for two ticks of ${plan.tickSeconds} s: lower tickSeconds`,
        ),
      );
    return found;
  });

const windowWarnings = (config: CheckedConfig, plan: ServicePlan, path: Path): readonly ConfigWarning[] =>
  plan.schedule.flatMap((window, index) => {
    const at = [...path, 'schedule', index];
    const floor = window.tasks?.exact ?? window.tasks?.min ?? 0;
    const ceiling = window.tasks?.max;
    const given = config.services[plan.service]?.schedule[index];
    return [
      ...(floor > plan.tasks.max
        ? [
            warning(
              'maxBelowFloor',
              at,
              `the floor of "${window.name}", ${floor}, is above tasks.max, ${plan.tasks.max}: inside the window the floor wins`,
            ),
          ]
        : []),
      ...(ceiling !== undefined && window.tasks?.min === undefined && ceiling < plan.tasks.min
        ? [
            warning(
              'minAboveCeiling',
              at,
              `the ceiling of "${window.name}", ${ceiling}, is below tasks.min, ${plan.tasks.min}: inside the window the ceiling wins`,
            ),
          ]
        : []),
      ...(given?.days && given.dates
        ? [warning('daysIgnored', [...at, 'days'], 'is not looked at, because "dates" is given')]
        : []),
    ];
  });

const workerWarnings = (config: CheckedConfig, plan: ServicePlan, path: Path): readonly ConfigWarning[] => {
  const given = config.services[plan.service];
  if (given?.existing) return existingWarnings(given, path);
  const { image, entry, command } = config.services[plan.service]?.worker ?? {};
  const at = [...path, 'worker'];
  if (entry !== undefined || command !== undefined) {
    return image === undefined && entry === undefined
      ? [warning('noImage', at, 'has a command and neither image nor entry: it runs locally and cannot be deployed')]
      : [];
  }
  if (image !== undefined)
    return [
      warning('noLocalRun', at, 'has only an image, so it has no local run: add "entry" (or "command") for npm start'),
    ];
  return [warning('nothingToRun', at, 'has neither image nor entry: it can be decided for and simulated, not run')];
};

/** What Sluice cannot see of a service that it did not make. */
const existingWarnings = (
  { worker, priors, queue }: CheckedConfig['services'][string],
  path: Path,
): readonly ConfigWarning[] => [
  warning('noLocalRun', [...path, 'existing'], 'is in AWS only: npm start leaves it out'),
  ...(worker.cpu === undefined && worker.memoryMiB === undefined
    ? [
        warning(
          'sizeAssumed',
          [...path, 'worker'],
          'has no size, so costs are counted for the smallest task: add "cpu" and "memoryMiB"',
        ),
      ]
    : []),
  ...(queue !== false && priors?.serviceSeconds === undefined
    ? [
        warning(
          'serviceTimeAssumed',
          [...path, 'priors', 'serviceSeconds'],
          'is not given: a job is taken to last 10 s until in-flight jobs and deletes tell better, within about twenty minutes',
        ),
      ]
    : []),
];

const limitWarnings = (config: CheckedConfig, plan: ServicePlan, path: Path): readonly ConfigWarning[] => {
  const most = Math.max(...allBounds(plan).map(({ max }) => max));
  const binding = Object.entries(plan.uses)
    .map(([name, perTask]) => ({ name, perTask, total: config.limits[name]?.total ?? Number.POSITIVE_INFINITY }))
    .map((limit) => ({ ...limit, tasks: Math.floor(limit.total / limit.perTask) }))
    .filter(({ tasks }) => tasks < most)
    .sort((a, b) => a.tasks - b.tasks);
  const [first, ...others] = binding;
  if (!first) return [];
  const rest = others.map(({ name, tasks }) => `, then "${name}" at ${tasks}`).join('');
  return [
    warning(
      'limitBinds',
      [...path, 'uses', first.name],
      `"${first.name}" binds first, at ${first.tasks} tasks (${first.total} / ${first.perTask} a task)${rest}: the max of ${most} is out of reach`,
    ),
  ];
};

const zeroWarnings = (plan: ServicePlan, path: Path): readonly ConfigWarning[] => {
  const lowest = Math.min(...allBounds(plan).map(({ min }) => min));
  if (lowest > 0) return [];
  const at = [...path, 'tasks', 'min'];
  if (plan.queues.length === 0)
    return [
      warning(
        'cannotLeaveZero',
        at,
        'is 0 without a queue: at zero tasks there is nothing to measure, so the service may never come back; use 1',
      ),
    ];
  const blind = policiesIn(plan.policy).every(
    (policy) =>
      'of' in policy ||
      (policy.type === 'targetTracking' &&
        policy.signals.every(({ signal }) => signal === 'cpu' || signal === 'memory')),
  );
  return blind
    ? [
        warning(
          'cannotLeaveZero',
          at,
          'is 0 and the policy looks at CPU and memory only, which zero tasks do not have: add { "type": "slo" } under "max", or use 1',
        ),
      ]
    : [];
};

const quotaWarnings = (plans: readonly ServicePlan[]): readonly ConfigWarning[] => {
  const vcpu = plans.reduce((sum, plan) => sum + mostVcpu(plan), 0);
  if (vcpu <= freshAccountVcpu) return [];
  return [
    warning(
      'vcpuQuota',
      ['services'],
      `together may ask for ${round(vcpu)} vCPU; a fresh AWS account allows ${freshAccountVcpu} on Fargate (quota L-3032A538, a deployment needs up to double): ask for more before the first peak`,
    ),
  ];
};

const mostVcpu = (plan: ServicePlan): number => {
  const vcpu = (size: TaskSize, tasks: number): number => (size.cpu / 1024) * tasks;
  const inWindows = plan.schedule.map((window) => vcpu(window.size ?? plan.worker, boundsIn(plan.tasks, window).max));
  return Math.max(vcpu(plan.worker, plan.tasks.max), ...inWindows);
};

const allBounds = (plan: ServicePlan): readonly { readonly min: number; readonly max: number }[] => [
  plan.tasks,
  ...plan.schedule.map((window) => boundsIn(plan.tasks, window)),
];

const round = (value: number): number => Math.round(value * 100) / 100;
