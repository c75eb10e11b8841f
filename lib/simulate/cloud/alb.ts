import type { EpochSeconds } from '../../model/units.ts';
import { emptyTally, publishFigures } from './alb/publish-figures.ts';
import type { AlbEffect, AlbEvent, AlbSettings, AlbState, Target, TargetGroup } from './alb/types.ts';

export interface AlbStep {
  readonly state: AlbState;
  readonly effects: readonly AlbEffect[];
}

export const initialAlbState = (settings: AlbSettings, now: EpochSeconds): AlbState => ({
  settings,
  loadBalancers: new Map(),
  targetGroups: new Map(),
  periodAt: Math.floor(now / settings.metricPeriodSeconds) * settings.metricPeriodSeconds,
});

/** `id`: 16 hex digits that AWS would draw. */
export const addLoadBalancer = (state: AlbState, name: string, id: string): AlbState => {
  const fullName = `app/${name}/${id}`;
  const arn = arnOf(state, `loadbalancer/${fullName}`);
  return { ...state, loadBalancers: new Map(state.loadBalancers).set(arn, { arn, fullName }) };
};

export const addTargetGroup = (
  state: AlbState,
  name: string,
  id: string,
  rest: Pick<TargetGroup, 'health' | 'deregistrationDelaySeconds'>,
): AlbState => {
  const fullName = `targetgroup/${name}/${id}`;
  const arn = arnOf(state, fullName);
  const group = { ...rest, arn, fullName, targets: new Map(), routed: 0, tally: emptyTally };
  return { ...state, targetGroups: new Map(state.targetGroups).set(arn, group) };
};

/** A listener whose default action forwards everything to one target group. */
export const addListener = (state: AlbState, loadBalancerArn: string, targetGroupArn: string): AlbState => {
  const balancer = state.loadBalancers.get(loadBalancerArn);
  const group = state.targetGroups.get(targetGroupArn);
  if (!balancer || !group) return state;
  return {
    ...state,
    loadBalancers: new Map(state.loadBalancers).set(loadBalancerArn, { ...balancer, targetGroup: targetGroupArn }),
    targetGroups: new Map(state.targetGroups).set(targetGroupArn, { ...group, loadBalancer: balancer.fullName }),
  };
};

/**
 * Whose turn it is among the healthy targets; when none is healthy all of them (an ALB fails open). Undefined: there is
 * no target, the client gets 503.
 */
export const routeRequest = (
  state: AlbState,
  targetGroup: string,
  now: EpochSeconds,
): AlbStep & { readonly target?: Target } => {
  const published = publishFigures(state, now);
  const group = published.state.targetGroups.get(targetGroup);
  if (!group) return published;
  const inService = [...group.targets.values()].filter(({ status }) => status !== 'draining');
  const healthy = inService.filter(({ status }) => status === 'healthy');
  const able = healthy.length > 0 ? healthy : inService;
  const target = able[group.routed % Math.max(1, able.length)];
  const { tally } = group;
  if (target === undefined)
    return withGroup(published, { ...group, tally: { ...tally, rejected: tally.rejected + 1 } });
  const busy = { ...target, outstanding: target.outstanding + 1 };
  const step = withGroup(published, {
    ...group,
    routed: group.routed + 1,
    tally: { ...tally, requests: tally.requests + 1 },
    targets: new Map(group.targets).set(target.id, busy),
  });
  return { ...step, target: busy };
};

/** An application load balancer as a state machine: registrations, checks and answers in; health, drains and metrics out. */
export const stepAlb = (state: AlbState, event: AlbEvent, now: EpochSeconds): AlbStep => {
  const published = publishFigures(state, now);
  const drained = endDrains(published, now);
  if (event.type === 'timePassed') return drained;
  const group = drained.state.targetGroups.get(event.targetGroup);
  if (!group) return drained;
  if (event.type === 'registered') return endDrains(register(drained, group, event, now), now);
  const target = group.targets.get(event.target);
  return target ? endDrains(applyToTarget(drained, group, target, event, now), now) : drained;
};

/** When `timePassed` must be fed in at the latest. Undefined: nothing waits for time. */
export const nextAlbWakeAt = (state: AlbState): EpochSeconds | undefined => {
  const groups = [...state.targetGroups.values()];
  const times = groups.flatMap((group) => [
    ...(group.targets.size > 0 || group.tally !== emptyTally
      ? [state.periodAt + state.settings.metricPeriodSeconds]
      : []),
    ...[...group.targets.values()]
      .filter(({ status }) => status === 'draining')
      .map(({ statusAt }) => statusAt + group.deregistrationDelaySeconds),
  ]);
  return times.length === 0 ? undefined : Math.min(...times);
};

const arnOf = ({ settings: { region, account } }: AlbState, resource: string): string =>
  `arn:aws:elasticloadbalancing:${region}:${account}:${resource}`;

const withGroup = (step: AlbStep, group: TargetGroup, effects: readonly AlbEffect[] = []): AlbStep => ({
  state: { ...step.state, targetGroups: new Map(step.state.targetGroups).set(group.arn, group) },
  effects: [...step.effects, ...effects],
});

const withTarget = (step: AlbStep, group: TargetGroup, target: Target, effects: readonly AlbEffect[] = []): AlbStep =>
  withGroup(step, { ...group, targets: new Map(group.targets).set(target.id, target) }, effects);

const register = (
  step: AlbStep,
  group: TargetGroup,
  { target: id, port }: Extract<AlbEvent, { type: 'registered' }>,
  now: EpochSeconds,
): AlbStep => withTarget(step, group, { id, port, status: 'initial', statusAt: now, against: 0, outstanding: 0 });

const applyToTarget = (
  step: AlbStep,
  group: TargetGroup,
  target: Target,
  event: Exclude<AlbEvent, { type: 'timePassed' | 'registered' }>,
  now: EpochSeconds,
): AlbStep => {
  const { tally } = group;
  const free = { ...target, outstanding: Math.max(0, target.outstanding - 1) };
  switch (event.type) {
    case 'deregistered':
      if (target.status === 'draining') return step;
      return withTarget(step, group, { ...target, status: 'draining', statusAt: now });
    case 'checked':
      return check(step, group, target, event.good, now);
    case 'answered': {
      const answers = { seconds: event.seconds, status: event.status, before: tally.answers };
      return withTarget(step, { ...group, tally: { ...tally, answers } }, free);
    }
    case 'abandoned':
      return withTarget(step, group, free);
    case 'unreachable':
      return withTarget(step, { ...group, tally: { ...tally, unreachable: tally.unreachable + 1 } }, free);
  }
};

/** One good check brings a new target into service; later it takes as many in a row as the thresholds say. */
const check = (step: AlbStep, group: TargetGroup, target: Target, good: boolean, now: EpochSeconds): AlbStep => {
  if (target.status === 'draining') return step;
  const agrees = good === (target.status === 'healthy');
  if (agrees) return withTarget(step, group, { ...target, against: 0 });
  const against = target.against + 1;
  const { healthyThreshold, unhealthyThreshold } = group.health;
  const needed = !good ? unhealthyThreshold : target.status === 'initial' ? 1 : healthyThreshold;
  if (against < needed) return withTarget(step, group, { ...target, against });
  const news = { targetGroup: group.arn, target: target.id };
  return withTarget(step, group, { ...target, status: good ? 'healthy' : 'unhealthy', statusAt: now, against: 0 }, [
    { type: good ? 'becameHealthy' : 'becameUnhealthy', ...news },
  ]);
};

/** A target is let go when it has answered everything, or when its time is over. */
const endDrains = (step: AlbStep, now: EpochSeconds): AlbStep => {
  let next = step;
  for (const group of step.state.targetGroups.values()) {
    const done = [...group.targets.values()].filter(
      ({ status, statusAt, outstanding }) =>
        status === 'draining' && (outstanding === 0 || now >= statusAt + group.deregistrationDelaySeconds),
    );
    if (done.length === 0) continue;
    const targets = new Map(group.targets);
    for (const { id } of done) targets.delete(id);
    next = withGroup(
      next,
      { ...group, targets },
      done.map(({ id }) => ({ type: 'drained', targetGroup: group.arn, target: id }) as const),
    );
  }
  return next;
};
