import type { Draft } from '../draft.ts';
import type { Source } from '../source/source.ts';
import { isTotal, signalFor } from './metric-signal.ts';
import { quantity } from './quantity.ts';

export type TrackedInput = { signal: string; target?: number; perTask?: number };

/** One entry of an HPA's `metrics`. Undefined: noted as dropped. */
export const hpaMetric = (draft: Draft, metric: Source, at: string): TrackedInput | undefined => {
  const type = metric
    .need('type', 'Write Resource, Pods, External or Object.')
    .oneOf(['Resource', 'ContainerResource', 'Pods', 'External', 'Object']);
  const key = type === 'ContainerResource' ? 'containerResource' : type.toLowerCase();
  const body = metric.need(key, `A metric of type ${type} has its fields there.`);
  return type === 'Resource' || type === 'ContainerResource'
    ? resource(draft, body, at)
    : custom(draft, body, type, at);
};

const resource = (draft: Draft, body: Source, at: string): TrackedInput | undefined => {
  const name = body.need('name', 'Write cpu or memory.');
  const target = body.need('target', 'Write the target.');
  const utilization = target.get('averageUtilization');
  target.get('type')?.skip();
  if (name.text() !== 'cpu' && name.text() !== 'memory') {
    draft.drop(body, 'A Fargate task has no such resource.');
    return undefined;
  }
  if (utilization === undefined) {
    draft.drop(body, 'An amount per pod: say it in percent of the task size, as { signal, target }.');
    return undefined;
  }
  const value = utilization.number(0);
  body.get('container')?.skip();
  draft.near(
    body,
    `${name.text()} ${value} %`,
    'Kubernetes counts percent of the pod’s request, ECS percent of the task size: choose the size to match the request.',
    at,
  );
  return { signal: name.text(), target: value };
};

const custom = (draft: Draft, body: Source, type: string, at: string): TrackedInput | undefined => {
  const metric = body.need('metric', 'Say which metric.');
  const name = metric.need('name', 'Say which metric.').text();
  const target = body.need('target', 'Write the target.');
  const perTask = target.get('averageValue');
  const whole = target.get('value');
  target.get('type')?.skip();
  const given = perTask ?? whole;
  if (given === undefined) {
    draft.drop(body, 'It has neither "averageValue" nor "value".');
    return undefined;
  }
  const value = quantity(given);
  const { signal, known } = signalFor(name);
  const inMs = signal === 'latencyMs' && !/ms|millis/i.test(name) ? value * 1000 : value;
  // The mean over pods of a total is each task's share of it; of anything else it is a mean here too.
  const share = perTask !== undefined && (type !== 'Pods' || isTotal(signal));
  const tracked = share ? { signal, perTask: value } : { signal, target: inMs };
  if (!known)
    draft.service.signals = {
      ...draft.service.signals,
      [signal]: { source: 'beacon', combine: share ? 'sum' : 'mean' },
    };
  draft.near(
    body,
    `${signal} ${value}${share ? ' a task' : ''}`,
    known
      ? `Sluice reads "${signal}" by itself (docs/signals.md); check that "${name}" means the same.`
      : `Nothing here knows "${name}": let the tasks report it, or name a CloudWatch metric in "signals".`,
    known ? at : `signals.${signal}`,
  );
  return tracked;
};
