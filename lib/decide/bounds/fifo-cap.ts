import type { Observation } from '../../model/observation.ts';
import type { Settings } from '../../model/plan.ts';
import { type Ruling, unchanged } from '../ruling.ts';

/**
 * While a group of a FIFO queue has messages in flight, nothing else of that group is delivered: more slots than groups
 * are slots without work. `activeGroups` counts groups with messages. SQS itself only tells `groupsInFlight`, which can
 * never exceed the slots there are: it says something only while slots stay free although messages wait.
 */
export const fifoCap = (wanted: number, observation: Observation, settings: Settings): Ruling => {
  if (settings.queues.length === 0 || !settings.queues.every((queue) => queue.fifo)) return unchanged(wanted);
  const groups = activeGroups(observation, settings);
  if (groups === undefined) return unchanged(wanted);
  const { concurrency } = settings.worker;
  const waiting = observation.queues.some(({ counts }) => counts.known && counts.value.visible > 0);
  const useful = Math.max(waiting ? 1 : 0, Math.ceil(groups / concurrency));
  const desired = Math.max(useful, Math.min(settings.tasks.min, wanted));
  if (desired >= wanted) return unchanged(wanted);
  const text = `${groups} message groups are active and a task works on ${concurrency} at once, so more than ${useful} tasks would find nothing to do; ${wanted} were wanted.`;
  return { desired, steps: [{ stage: 'bound', code: 'fifoGroups', text, from: wanted, to: desired }], alerts: [] };
};

const activeGroups = (observation: Observation, settings: Settings): number | undefined => {
  const { activeGroups: active, groupsInFlight: inFlight } = observation.signals;
  if (active?.known) return Math.max(0, active.value);
  if (!inFlight?.known || !observation.service.known) return undefined;
  const slots = observation.service.value.running * settings.worker.concurrency;
  const waiting = observation.queues.every(({ counts }) => counts.known && counts.value.visible > 0);
  return waiting && inFlight.value < slots ? Math.max(0, inFlight.value) : undefined;
};
