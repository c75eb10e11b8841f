import { Draft } from '../draft.ts';
import type { Source } from '../source/source.ts';
import { hpaBehavior } from './behavior.ts';
import { hpaMetric, type TrackedInput } from './hpa-metrics.ts';

export const isHpa = (document: Source): boolean => document.get('kind')?.content === 'HorizontalPodAutoscaler';

/** The HPA looks each 15 s. */
export const hpaSyncSeconds = 15;

/** A HorizontalPodAutoscaler of `autoscaling/v2` (v2beta2 alike; v1 has a CPU target only). */
export const importHpa = (document: Source): Draft => {
  skipIdentity(document);
  const spec = document.need('spec', 'A HorizontalPodAutoscaler has its bounds and metrics there.');
  const name = spec.get('scaleTargetRef', 'name')?.text() ?? document.get('metadata', 'name')?.text() ?? 'service';
  spec.get('scaleTargetRef')?.skip();
  const draft = new Draft(name, 'HorizontalPodAutoscaler', document);
  draft.tickSeconds = hpaSyncSeconds;
  const { service } = draft;
  service.tasks = {
    min: draft.usual(spec.get('minReplicas')?.wholeNumber(), 1, 'spec.minReplicas', 'tasks.min', 'The HPA'),
    max: spec.need('maxReplicas', 'An HPA has an upper bound.').wholeNumber(1),
  };
  const { tolerance } = hpaBehavior(draft, spec.get('behavior'), 'spec.behavior');
  const signals = metricsOf(draft, spec);
  service.queue = signals.some(({ signal }) => fromQueue.includes(signal)) ? { name: queueName(name) } : false;
  service.policy = { type: 'targetTracking', signals: orUsual(draft, signals), tolerance };
  draft.dropUnread();
  return draft;
};

const fromQueue: readonly string[] = ['queueDepth', 'activeJobs', 'unfinishedJobs'];
const queueName = (name: string): string => name.replace(/[^\w-]/g, '-').slice(0, 80);

const metricsOf = (draft: Draft, spec: Source): readonly TrackedInput[] => {
  const cpu = spec.get('targetCPUUtilizationPercentage');
  const old = cpu === undefined ? [] : [{ signal: 'cpu', target: cpu.number(1) }];
  const metrics = spec.get('metrics')?.items() ?? [];
  const signals = metrics.flatMap((metric, i) => hpaMetric(draft, metric, `policy.signals[${i}]`) ?? []);
  for (const metric of metrics) metric.get('type')?.skip();
  return [...old, ...signals];
};

const orUsual = (draft: Draft, signals: readonly TrackedInput[]): TrackedInput[] => {
  if (signals.length > 0) return [...signals];
  draft.usual(undefined, 'cpu 80 %', 'spec.metrics', 'policy.signals', 'The HPA');
  return [{ signal: 'cpu', target: 80 }];
};

/** What says who it is, and what the cluster wrote: no setting. */
export const skipIdentity = (document: Source): void => {
  for (const key of ['apiVersion', 'kind', 'status']) document.get(key)?.skip();
  const metadata = document.get('metadata');
  if (metadata?.isObject !== true) return;
  for (const [key, value] of metadata.entries()) if (key !== 'annotations') value.skip();
  const annotations = metadata.get('annotations');
  if (annotations?.isObject === true)
    for (const [key, value] of annotations.entries()) if (!key.includes('keda.sh/')) value.skip();
};
