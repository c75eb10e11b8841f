import { createHash } from 'node:crypto';
import type { Seconds } from '../../model/units.ts';
import type { AlbEffect, AlbEvent, AlbState, TargetGroup } from '../../simulate/cloud/alb/types.ts';
import {
  type AlbStep,
  addListener,
  addLoadBalancer,
  addTargetGroup,
  initialAlbState,
  nextAlbWakeAt,
  routeRequest,
  stepAlb,
} from '../../simulate/cloud/alb.ts';
import { checkHealth } from '../load-balancer/check-health.ts';
import { type ChosenTarget, type Front, startFront } from '../load-balancer/front.ts';
import { createAlarmClock } from './alarm-clock.ts';
import type { ControlPlane, ControlPlaneOptions, TemplateResource } from './interface.ts';
import { readListener, readLoadBalancer, readTargetGroup } from './read-load-balancer.ts';
import { refuse } from './template-properties.ts';

export interface AlbHostOptions
  extends Pick<ControlPlaneOptions, 'region' | 'account' | 'metricPeriodSeconds' | 'healthCheckSeconds'> {
  readonly onMetric: (metric: Extract<AlbEffect, { type: 'metric' }>) => void;
  readonly onTarget: (news: Exclude<AlbEffect, { type: 'metric' }>) => void;
}

/** The load balancer model with a clock, health checks and a door for each load balancer. */
export interface AlbHost {
  readonly api: ControlPlane['elb'];
  /** Undefined: no target group of that ARN. */
  drainSeconds(targetGroup: string): Seconds | undefined;
  register(target: string, targetGroups: readonly string[], port: number): void;
  deregister(target: string, targetGroups: readonly string[]): void;
  close(): Promise<void>;
}

const now = (): number => Date.now() / 1000;

export const createAlbHost = (options: AlbHostOptions): AlbHost => {
  const { region, account, metricPeriodSeconds = 60 } = options;
  let state = initialAlbState({ region, account, metricPeriodSeconds }, now());
  const fronts = new Map<string, Front>();
  const checks = new Map<string, NodeJS.Timeout>();
  const clock = createAlarmClock(() => feed({ type: 'timePassed' }));

  const commit = (step: AlbStep): void => {
    state = step.state;
    clock.wakeAt(nextAlbWakeAt(state));
    for (const effect of step.effects) {
      if (effect.type === 'metric') options.onMetric(effect);
      else options.onTarget(effect);
    }
  };
  const feed = (event: AlbEvent): void => commit(stepAlb(state, event, now()));

  const choose = (loadBalancer: string): ChosenTarget | undefined => {
    const targetGroup = state.loadBalancers.get(loadBalancer)?.targetGroup;
    if (targetGroup === undefined) return undefined;
    const step = routeRequest(state, targetGroup, now());
    commit(step);
    const { target } = step;
    if (target === undefined) return undefined;
    const about = { targetGroup, target: target.id };
    return {
      port: target.port,
      answered: (seconds, status) => feed({ type: 'answered', ...about, seconds, status }),
      unreachable: () => feed({ type: 'unreachable', ...about }),
      abandoned: () => feed({ type: 'abandoned', ...about }),
    };
  };

  const checkTarget = async (arn: string, target: string): Promise<void> => {
    const group = state.targetGroups.get(arn);
    const port = group?.targets.get(target)?.port;
    if (group === undefined || port === undefined) return;
    const good = await checkHealth(port, group.health);
    feed({ type: 'checked', targetGroup: arn, target, good });
  };
  const startChecks = ({ arn, health }: TargetGroup): void => {
    const everySeconds = options.healthCheckSeconds ?? health.intervalSeconds;
    const timer = setInterval(() => {
      for (const target of state.targetGroups.get(arn)?.targets.keys() ?? []) void checkTarget(arn, target);
    }, everySeconds * 1000);
    checks.set(arn, timer.unref());
  };

  return {
    api: {
      createLoadBalancer: async (resource) => {
        const { name } = readLoadBalancer(resource);
        const [arn, fullName] = added(state, (before) => addLoadBalancer(before, name, drawnId(name)), 'loadBalancers');
        const front = await startFront(() => choose(arn));
        fronts.set(arn, front);
        state = addLoadBalancer(state, name, drawnId(name));
        return { arn, name, fullName, dnsName: `127.0.0.1:${front.port}` };
      },
      createTargetGroup: (resource) => {
        const { name, ...rest } = readTargetGroup(resource);
        const [arn, fullName] = added(
          state,
          (before) => addTargetGroup(before, name, drawnId(name), rest),
          'targetGroups',
        );
        state = addTargetGroup(state, name, drawnId(name), rest);
        const group = state.targetGroups.get(arn);
        if (group) startChecks(group);
        return { arn, name, fullName };
      },
      createListener: (resource) => {
        const { loadBalancer, targetGroup } = readListener(resource);
        requireKnown(resource, state, loadBalancer, targetGroup);
        state = addListener(state, loadBalancer, targetGroup);
        const arn = `${loadBalancer.replace(':loadbalancer/', ':listener/')}/${drawnId(resource.logicalId)}`;
        return { arn };
      },
      targets: () =>
        [...state.targetGroups.values()].flatMap(({ fullName, targets }) =>
          [...targets.values()].map(({ id, port, status }) => ({ targetGroup: fullName, task: id, port, status })),
        ),
    },
    drainSeconds: (arn) => state.targetGroups.get(arn)?.deregistrationDelaySeconds,
    register: (target, targetGroups, port) => {
      for (const targetGroup of targetGroups) {
        feed({ type: 'registered', targetGroup, target, port });
        void checkTarget(targetGroup, target);
      }
    },
    deregister: (target, targetGroups) => {
      for (const targetGroup of targetGroups) feed({ type: 'deregistered', targetGroup, target });
    },
    close: async () => {
      clock.stop();
      for (const timer of checks.values()) clearInterval(timer);
      await Promise.all([...fronts.values()].map((front) => front.close()));
    },
  };
};

/** What a change would add: its ARN and full name. */
const added = (
  state: AlbState,
  change: (state: AlbState) => AlbState,
  where: 'loadBalancers' | 'targetGroups',
): readonly [arn: string, fullName: string] => {
  const [arn, made] = [...change(state)[where]].at(-1) ?? [];
  return [arn ?? '', made?.fullName ?? ''];
};

const requireKnown = (resource: TemplateResource, state: AlbState, loadBalancer: string, targetGroup: string): void => {
  const balancer = state.loadBalancers.get(loadBalancer);
  if (!balancer)
    refuse(resource, 'LoadBalancerArn', loadBalancer, 'a load balancer of this app', 'Create it in the app.');
  if (balancer?.targetGroup !== undefined)
    refuse(
      resource,
      'LoadBalancerArn',
      loadBalancer,
      'one listener for each load balancer',
      'A second one is not modelled.',
    );
  if (!state.targetGroups.has(targetGroup))
    refuse(resource, 'DefaultActions', targetGroup, 'a target group of this app', 'Create it in the app.');
};

/** AWS draws it; here the name says it, so that a run is like the one before. */
const drawnId = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 16);
