import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../lib/config/parse-config.ts';
import { importFiles } from '../../lib/import/import-files.ts';
import type { ServicePlan } from '../../lib/model/plan.ts';
import { cdkQueueProcessing } from '../../lib/simulate/baselines/cdk-queue-processing.ts';
import { copilot } from '../../lib/simulate/baselines/copilot.ts';
import { keda } from '../../lib/simulate/baselines/keda.ts';
import { plannedScaler } from '../../lib/simulate/baselines/planned-scaler.ts';
import type { Situation } from '../../lib/simulate/baselines/situation.ts';
import { targetTracking } from '../../lib/simulate/baselines/target-tracking.ts';
import type { MinutePoint, Scaler, Sight } from '../../lib/simulate/scaler.ts';

/**
 * Goal: an imported config asks for the counts that the peer would ask for.
 * Method: the peer's model and the imported plan look at the same six hours of a queue (a slow wave, a burst, a quiet
 * end); each fleet obeys at once, and the counts are compared every minute.
 */
const startEpoch = 1_795_132_800;
const situation: Situation = {
  percent: 99,
  startWithinSeconds: 50,
  meanServiceSeconds: 5,
  concurrency: 1,
  bounds: { min: 0, max: 100 },
  initial: 1,
  stopTimeoutSeconds: 120,
  tickSeconds: 15,
  startEpoch,
};

/** Messages, of which a fifth is in flight. */
const messagesAt = (t: number): number => {
  if (t > 5 * 3600) return 0;
  const wave = 150 * (1 - Math.cos((2 * Math.PI * t) / (2.5 * 3600)));
  return Math.round(wave + (t > 6000 && t < 7800 ? 300 : 0));
};
const queueAt = (t: number): Sight['queue'] => {
  const all = messagesAt(t);
  const inFlight = Math.round(all / 5);
  return { visible: all - inFlight, inFlight };
};

/** The count at each minute. CPU follows the work that each task has, at most 100 %. */
const countsOf = (scaler: Scaler, start: number): readonly number[] => {
  const counts: number[] = [];
  let desired = start;
  for (let t = 0; t < 6 * 3600; t += scaler.tickSeconds) {
    const queue = queueAt(t);
    const cpu = desired === 0 ? 0 : Math.min(1, queue.inFlight / desired);
    const minutes: readonly MinutePoint[] =
      t % 60 === 0 ? [{ t, ...queue, running: Math.max(1, desired), sent: 0, deleted: 0, cpu }] : [];
    desired =
      scaler.decide({
        t,
        queue,
        service: { desired, running: desired, pending: 0 },
        work: { started: 0, late: 0, completed: 0, busySlotSeconds: 0 },
        cpu,
        minutes,
      }) ?? desired;
    if (t % 60 === 0) counts.push(desired);
  }
  return counts;
};

const imported = (name: string, text: string): ServicePlan => {
  const parsed = parseConfig(importFiles([{ name, text }], { now: '2026-11-21T00:00:00Z' }).config);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.plans[0] as ServicePlan;
};

/** Mean distance, and the difference of the task-hours, both as a share of the peer's. */
const compare = (peer: readonly number[], own: readonly number[]) => {
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  return {
    distance: sum(peer.map((count, i) => Math.abs(count - (own[i] ?? 0)))) / sum(peer),
    taskHours: sum(own) / sum(peer) - 1,
    peaks: [Math.max(...peer), Math.max(...own)] as const,
    ends: [peer.at(-1), own.at(-1)] as const,
  };
};

const scaledObject = `
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: { name: convert }
spec:
  scaleTargetRef: { name: convert }
  triggers:
    - type: aws-sqs-queue
      metadata: { queueURL: https://sqs.eu-north-1.amazonaws.com/1/convert }
`;

const targetTrackingJson = readFileSync('test/import/fixtures/aas-policies.json', 'utf8').replace(
  '"ScaleOutCooldown": 60',
  '"ScaleOutCooldown": 300',
);
const target =
  '{"ScalableTargets":[{"ServiceNamespace":"ecs","ResourceId":"service/main/convert","MinCapacity":1,"MaxCapacity":100}]}';

const manifest = `
name: convert
type: Worker Service
count:
  range: 1-100
  queue_delay: { acceptable_latency: 50s, msg_processing_time: 5s }
`;

describe('an imported config beside its peer', () => {
  it('KEDA: the same counts, but for the first step from 0', () => {
    const own = countsOf(plannedScaler(imported('keda.yaml', scaledObject), startEpoch), 1);
    const { distance, peaks, ends } = compare(countsOf(keda.documented(situation).create(), 1), own);
    expect(peaks[0]).toBe(peaks[1]);
    expect(ends).toEqual([0, 0]);
    expect(distance).toBeLessThan(0.025);
  });

  it('HPA: as the HPA inside KEDA', () => {
    const hpa = `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: convert }
spec:
  scaleTargetRef: { name: convert }
  maxReplicas: 100
  metrics:
    - { type: External, external: { metric: { name: unfinishedJobs }, target: { type: AverageValue, averageValue: "5" } } }
`;
    const own = countsOf(plannedScaler(imported('hpa.yaml', hpa), startEpoch), 1);
    const peer = keda.documented({ ...situation, bounds: { min: 1, max: 100 } }).create();
    const { distance } = compare(countsOf(peer, 1), own);
    expect(distance).toBeLessThan(0.025);
  });

  it('Application Auto Scaling: the alarms’ patience and the cooldowns, so nearly the same task-hours', () => {
    const parsed = parseConfig(
      importFiles(
        [
          { name: 'policies.json', text: targetTrackingJson },
          { name: 'targets.json', text: target },
        ],
        { now: '2026-11-21T00:00:00Z' },
      ).config,
    );
    if (!parsed.ok) throw new Error('not valid');
    const own = countsOf(plannedScaler(parsed.plans[0] as ServicePlan, startEpoch), 1);
    const result = compare(countsOf(targetTracking.documented(situation).create(), 1), own);
    expect(result.distance).toBeLessThan(0.15);
    expect(Math.abs(result.taskHours)).toBeLessThan(0.1);
  });

  it('Copilot: its own numbers and cooldowns; scale-in by the highest of 15 minutes, so later and never fewer', () => {
    const own = countsOf(plannedScaler(imported('manifest.yml', manifest), startEpoch), 1);
    const result = compare(countsOf(copilot.documented(situation).create(), 1), own);
    expect(result.distance).toBeLessThan(0.25);
    expect(result.taskHours).toBeGreaterThan(0);
    expect(result.taskHours).toBeLessThan(0.15);
  });

  it('CDK pattern: the steps at 100 and 500 and the hole between 0 and 100', () => {
    const props = '{"minScalingCapacity":1,"maxScalingCapacity":100,"disableCpuBasedScaling":true}';
    const own = countsOf(plannedScaler(imported('props.json', props), startEpoch), 1);
    const peer = countsOf(cdkQueueProcessing.tunings({ ...situation })[1]?.create() as Scaler, 1);
    const result = compare(peer, own);
    expect(result.distance).toBeLessThan(0.15);
    expect(Math.abs(result.taskHours)).toBeLessThan(0.1);
  });
});
