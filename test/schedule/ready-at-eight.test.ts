import { describe, expect, it } from 'vitest';
import { decide } from '../../lib/decide/decide.ts';
import { known, type Observation, unknown } from '../../lib/model/observation.ts';
import type { ScheduleWindow, ServicePlan } from '../../lib/model/plan.ts';
import { initialState, type ServiceState } from '../../lib/model/state.ts';
import { seenDefinition } from '../../lib/observe/task-definition.ts';
import { settingsAt } from '../../lib/schedule/settings-at.ts';
import { createCluster, createService, registerTaskDefinition } from '../../lib/simulate/cloud/ecs/commands.ts';
import type { EcsState } from '../../lib/simulate/cloud/ecs/types.ts';
import { changeEcs, initialEcsState, nextEcsWakeAt, stepEcs } from '../../lib/simulate/cloud/ecs.ts';
import { callEcs } from '../../lib/simulate/cloud/ecs-api.ts';
import { epoch, planWith } from './plan-for-test.ts';

/**
 * Goal: a window's tasks run when it begins, in its size, on days of 23, 24 and 25 hours alike.
 * Method: the real decisions every 10 seconds against the ECS model, whose starts take 35 s (75 s at the 95th percentile).
 */
const sizes = { business: { cpu: 1024, memoryMiB: 2048 }, off: { cpu: 512, memoryMiB: 1024 } };

const scheduleOn = (days: ScheduleWindow['days']): Partial<ServicePlan> => ({
  worker: { ...sizes.off, concurrency: 1, stopTimeoutSeconds: 120, architecture: 'x86' },
  calendar: { timeZone: 'Europe/Copenhagen', holidays: ['2026-12-24'] },
  schedule: [
    { name: 'business', days, fromMinute: 480, toMinute: 1080, tasks: { exact: 5 }, size: sizes.business },
    { name: 'off hours', days: 'every', tasks: { exact: 2 }, size: sizes.off },
  ],
});

describe('at 08:00 in Copenhagen', () => {
  it.each([
    ['a winter Monday', '2026-11-23T07:00:00Z', 'weekdays'],
    ['a summer Monday', '2026-06-22T06:00:00Z', 'weekdays'],
    ['the Sunday on which clocks go forward', '2026-03-29T06:00:00Z', 'every'],
    ['the Sunday on which clocks go back', '2026-10-25T07:00:00Z', 'every'],
  ] as const)('%s: all five tasks run in the window’s size, and were not started long before', (_name, eight, days) => {
    const at = epoch(eight);
    for (let seed = 1; seed <= 12; seed += 1) {
      const day = simulate(planWith(scheduleOn(days)), at - 1200, at + 60, seed);
      expect(day.at(at - 300)).toMatchObject({ desired: 2, small: 2, large: 0 });
      expect(day.at(at), `seed ${seed}`).toMatchObject({ desired: 5, large: 5 });
      expect(day.updates, 'count and size go in one call').toHaveLength(1);
    }
  });

  it('however slow the pacing is: that is for what policies want', () => {
    const at = epoch('2026-11-23T07:00:00Z');
    const slow = {
      stabilizationSeconds: 600,
      cooldownSeconds: 600,
      select: 'min',
      policies: [{ tasks: 1, periodSeconds: 600 }],
      tolerance: 0.5,
    } as const;
    const plan = planWith({ ...scheduleOn('weekdays'), behavior: { scaleOut: slow, scaleIn: slow } });
    expect(simulate(plan, at - 1200, at, 1).at(at)).toMatchObject({ desired: 5, large: 5 });
  });

  it('a fleet of fifty begins earlier than one of two: the slowest start counts', () => {
    const at = epoch('2026-11-23T07:00:00Z');
    const leadOf = (exact: number): number => {
      const plan = planWith({
        ...scheduleOn('weekdays'),
        tasks: { min: 1, max: 50 },
        schedule: [{ name: 'business', days: 'weekdays', fromMinute: 480, toMinute: 1080, tasks: { exact } }],
      });
      return at - (simulate(plan, at - 1200, at, 1).updatedAt[0] ?? at);
    };
    expect(leadOf(50)).toBeGreaterThan(leadOf(2) + 20);
  });

  it('a holiday among weekdays stays as it was', () => {
    const at = epoch('2026-12-24T07:00:00Z');
    const day = simulate(planWith(scheduleOn('weekdays')), at - 1200, at + 60, 1);
    expect(day.at(at)).toMatchObject({ desired: 2, small: 2, large: 0 });
    expect(day.updates).toEqual([]);
  });
});

describe('at 18:00', () => {
  it('count and size go down in one call, then, and not before', () => {
    const at = epoch('2026-11-23T17:00:00Z');
    const day = simulate(planWith(scheduleOn('weekdays')), at - 1200, at + 300, 3);
    expect(day.at(at - 10)).toMatchObject({ desired: 5, large: 5 });
    expect(day.at(at)).toMatchObject({ desired: 2 });
    expect(day.at(at + 290)).toMatchObject({ desired: 2, large: 0, small: 2 });
    expect(day.updates.at(-1)).toEqual({ desiredCount: 2, taskDefinition: expect.stringContaining('off') });
  });
});

describe('a deploy inside a window', () => {
  it('puts the base definition in a new revision there; the window’s size follows within two ticks of its end', () => {
    const at = epoch('2026-11-23T10:00:00Z');
    const day = simulate(planWith(scheduleOn('weekdays')), at - 1200, at + 900, 5, at);
    expect(day.at(at - 10)).toMatchObject({ large: 5, deploying: false });
    expect(day.at(at)).toMatchObject({ deploying: true });
    const through = day.moments.find((moment) => moment.now > at && !moment.deploying);
    const resize = day.updates.at(-1);
    expect(resize).toEqual({ taskDefinition: expect.stringContaining('business') });
    expect(day.updatedAt.at(-1)).toBeLessThanOrEqual((through?.now ?? 0) + 20);
    expect(day.at(at + 890)).toMatchObject({ desired: 5, large: 5, small: 0 });
  });
});

interface Moment {
  readonly now: number;
  readonly desired: number;
  readonly small: number;
  readonly large: number;
  readonly deploying: boolean;
}

const simulate = (plan: ServicePlan, from: number, until: number, seed: number, deployAt?: number) => {
  let ecs = worldOf(plan, from - 600, seed);
  let state: ServiceState = initialState(0);
  const moments: Moment[] = [];
  const updates: object[] = [];
  const updatedAt: number[] = [];
  for (let now = from; now <= until; now += 10) {
    ecs = passTime(ecs, now);
    if (now === deployAt) ecs = deploy(ecs, now);
    moments.push(momentOf(ecs, now));
    const decision = decide(observe(ecs, now), settingsAt(plan, now), state);
    state = decision.state;
    const change = {
      ...(decision.kind === 'scale' && { desiredCount: decision.desired }),
      ...(decision.sizeFrom && {
        taskDefinition: definitionsOf(ecs)[`${decision.size.cpu}/${decision.size.memoryMiB}`],
      }),
    };
    if (Object.keys(change).length === 0) continue;
    updates.push(change);
    updatedAt.push(now);
    ecs = callEcs(ecs, 'UpdateService', { cluster: 'c', service: 's', ...change }, now).state;
    ecs = passTime(ecs, now);
    moments[moments.length - 1] = momentOf(ecs, now);
  }
  return {
    moments,
    updates,
    updatedAt,
    at: (now: number) => moments.find((moment) => moment.now === now),
  };
};

/** The service as the window of `at` wants it, settled. */
const worldOf = (plan: ServicePlan, at: number, seed: number): EcsState => {
  const account = { region: 'r', account: 'a', startDelaySeconds: { median: 35, p95: 75 } };
  const { tasks, size } = settingsAt(plan, at);
  const { state } = changeEcs(initialEcsState(account, seed, at), at, (draft) => {
    createCluster(draft, 'c');
    for (const [family, one] of Object.entries(sizes)) registerTaskDefinition(draft, definition(family, one));
    const taskDefinition = size.cpu === sizes.off.cpu ? 'off' : 'business';
    createService(draft, { name: 's', cluster: 'c', taskDefinition, desiredCount: tasks.min });
  });
  return passTime(state, at + 590);
};

const definition = (family: string, size: { cpu: number; memoryMiB: number }) => ({
  family,
  ...size,
  container: { name: 'w', image: 'i', command: [], environment: {}, stopTimeoutSeconds: 30 },
});

/** As CloudFormation does: new revisions of all, and the base one in the service. */
const deploy = (ecs: EcsState, now: number): EcsState => {
  const { state } = changeEcs(ecs, now, (draft) => {
    for (const [family, one] of Object.entries(sizes)) registerTaskDefinition(draft, definition(family, one));
  });
  return passTime(
    callEcs(state, 'UpdateService', { cluster: 'c', service: 's', taskDefinition: 'off' }, now).state,
    now,
  );
};

/** The model asks for containers to be started and stopped, and this world does so at once. */
const passTime = (from: EcsState, until: number): EcsState => {
  let state = from;
  let now = Math.min(until, nextEcsWakeAt(state, 0) ?? until);
  while (true) {
    const step = stepEcs(state, { type: 'timePassed' }, now);
    state = step.state;
    const effects = [...step.effects];
    for (let effect = effects.shift(); effect; effect = effects.shift()) {
      if (effect.type === 'metric') continue;
      const { task } = effect;
      const event =
        effect.type === 'startContainer'
          ? ({ type: 'containerStarted', task } as const)
          : ({ type: 'containerExited', task, exitCode: 0 } as const);
      const followed = stepEcs(state, event, now);
      state = followed.state;
      effects.push(...followed.effects);
    }
    if (now >= until) return state;
    const next = nextEcsWakeAt(state, now);
    now = Math.min(until, Math.max(now + 0.001, next ?? until));
  }
};

const definitionsOf = (ecs: EcsState): Record<string, string> =>
  Object.fromEntries([...ecs.definitions.values()].map(({ cpu, memoryMiB, arn }) => [`${cpu}/${memoryMiB}`, arn]));

const serviceOf = (ecs: EcsState, now: number) => {
  const { output } = callEcs(ecs, 'DescribeServices', { cluster: 'c', services: ['s'] }, now);
  const [service] = output.services as readonly [
    {
      desiredCount: number;
      runningCount: number;
      pendingCount: number;
      taskDefinition: string;
      deployments: readonly { rolloutState: string; failedTasks: number }[];
    },
  ];
  return service;
};

const momentOf = (ecs: EcsState, now: number): Moment => {
  const running = [...ecs.tasks.values()].filter(
    ({ status, desired }) => status === 'RUNNING' && desired === 'RUNNING',
  );
  const { desiredCount, deployments } = serviceOf(ecs, now);
  return {
    now,
    desired: desiredCount,
    small: running.filter(({ definition: name }) => name.startsWith('off')).length,
    large: running.filter(({ definition: name }) => name.startsWith('business')).length,
    deploying: isDeploying(deployments),
  };
};

const isDeploying = (deployments: readonly { rolloutState: string }[]): boolean =>
  deployments.length > 1 || deployments[0]?.rolloutState === 'IN_PROGRESS';

const observe = (ecs: EcsState, now: number): Observation => {
  const { desiredCount, runningCount, pendingCount, taskDefinition, deployments } = serviceOf(ecs, now);
  return {
    now,
    queues: [{ name: 'convert', counts: known(now, { visible: 0, inFlight: 0, delayed: 0 }) }],
    service: known(now, {
      desired: desiredCount,
      running: runningCount,
      pending: pendingCount,
      deploymentInProgress: isDeploying(deployments),
      failedStarts: deployments[0]?.failedTasks ?? 0,
      ...seenDefinition(taskDefinition, definitionsOf(ecs)),
    }),
    work: unknown('missing'),
    signals: {},
  };
};
