import {
  known,
  type Observation,
  type QueueCounts,
  type Reading,
  type ServiceCounts,
  unknown,
  type WorkReport,
} from '../../model/observation.ts';
import type { EpochSeconds } from '../../model/units.ts';

/** A line that cannot be used: the sentence goes into `{"error": …}`. */
export class BadLine extends Error {}

type Fields = Readonly<Record<string, unknown>>;

export const asObject = (value: unknown, what: string): Fields => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadLine(`${what} must be an object, found ${describe(value)}`);
  return value as Fields;
};

/** A finite number, or undefined when the field is absent or null. */
export const optionalNumber = (fields: Fields, name: string, where = ''): number | undefined => {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new BadLine(`${where}${name} must be a number, found ${describe(value)}`);
  return value;
};

export const requiredNumber = (fields: Fields, name: string, where = ''): number => {
  const value = optionalNumber(fields, name, where);
  if (value === undefined) throw new BadLine(`${where}${name} is missing; expected a number`);
  return value;
};

/** Epoch seconds from ISO 8601 with a zone. */
export const instant = (value: unknown, what: string): EpochSeconds => {
  const at = typeof value === 'string' && /(?:Z|[+-]\d\d:?\d\d)$/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at))
    throw new BadLine(`${what} must be ISO 8601 with a zone, like 2026-11-21T08:00:00Z, found ${describe(value)}`);
  return at / 1000;
};

/** One service's part of a tick as an observation. What the line does not carry is unknown. */
export const observationOf = (
  fields: Fields,
  now: EpochSeconds,
  startEpoch: EpochSeconds,
  queueNames: readonly string[],
): Observation => {
  const queues = queueNames.map((name) => ({ name, counts: queueCounts(fields, name, queueNames.length === 1, now) }));
  return {
    now,
    queues,
    service: serviceCounts(fields, now),
    work: workReport(fields, now),
    signals: signalsOf(fields, now, startEpoch),
  };
};

const queueCounts = (fields: Fields, name: string, only: boolean, now: EpochSeconds): Reading<QueueCounts> => {
  const named =
    fields.queues === undefined || fields.queues === null ? undefined : asObject(fields.queues, 'queues')[name];
  const source = named ?? (only ? fields.queue : undefined);
  if (source === undefined || source === null) return unknown('missing');
  const queue = asObject(source, 'queue');
  const visible = optionalNumber(queue, 'visible', 'queue.');
  if (visible === undefined) return unknown('hidden', 'queue.visible is not given');
  const inFlight = optionalNumber(queue, 'inFlight', 'queue.') ?? 0;
  const delayed = optionalNumber(queue, 'delayed', 'queue.') ?? 0;
  for (const [field, count] of [
    ['visible', visible],
    ['inFlight', inFlight],
    ['delayed', delayed],
  ] as const)
    if (count < 0) throw new BadLine(`queue.${field} must not be negative, found ${count}`);
  return known(timeOf(queue, now), { visible, inFlight, delayed });
};

const serviceCounts = (fields: Fields, now: EpochSeconds): Reading<ServiceCounts> => {
  if (fields.service === undefined || fields.service === null) return unknown('missing');
  const service = asObject(fields.service, 'service');
  const desired = optionalNumber(service, 'desired', 'service.');
  if (desired === undefined) return unknown('hidden', 'service.desired is not given');
  const running = optionalNumber(service, 'running', 'service.') ?? desired;
  const draining = optionalNumber(service, 'draining', 'service.');
  return known(timeOf(service, now), {
    desired,
    running,
    pending: optionalNumber(service, 'pending', 'service.') ?? Math.max(0, desired - running),
    ...(draining !== undefined && { draining }),
    deploymentInProgress: service.deploymentInProgress === true,
    failedStarts: optionalNumber(service, 'failedStarts', 'service.') ?? 0,
  });
};

const workReport = (fields: Fields, now: EpochSeconds): Reading<WorkReport> => {
  const completed = optionalNumber(fields, 'completedSinceLast');
  const started = optionalNumber(fields, 'startedSinceLast');
  const busySlotSeconds = optionalNumber(fields, 'busySlotSecondsSinceLast');
  if (completed === undefined || started === undefined || busySlotSeconds === undefined)
    return unknown('hidden', 'the workers report nothing');
  return known(now, {
    started,
    late: optionalNumber(fields, 'lateSinceLast') ?? 0,
    completed,
    failed: optionalNumber(fields, 'failedSinceLast') ?? 0,
    busySlotSeconds,
  });
};

const signalsOf = (
  fields: Fields,
  now: EpochSeconds,
  startEpoch: EpochSeconds,
): Readonly<Record<string, Reading<number>>> => {
  const signals: Record<string, Reading<number>> = {};
  const cpu = optionalNumber(fields, 'cpu');
  // The judge's own `cpu` is a share of 1 (shared/referee/SPEC.md); the signal is in percent. No share is above 1.
  if (cpu !== undefined) signals.cpu = known(now, cpu <= 1 ? 100 * cpu : cpu);
  const queue = fields.queue === undefined || fields.queue === null ? undefined : asObject(fields.queue, 'queue');
  const visible = queue && optionalNumber(queue, 'visible', 'queue.');
  const inFlight = queue && optionalNumber(queue, 'inFlight', 'queue.');
  if (visible !== undefined) signals.queueDepth = known(now, visible);
  if (inFlight !== undefined) signals.activeJobs = known(now, inFlight);
  if (fields.signals === undefined || fields.signals === null) return signals;
  for (const [name, entry] of Object.entries(asObject(fields.signals, 'signals'))) {
    const signal = asObject(entry, `signals.${name}`);
    const at =
      typeof signal.at === 'number'
        ? startEpoch + signal.at
        : signal.at === undefined
          ? now
          : instant(signal.at, `signals.${name}.at`);
    const value = optionalNumber(signal, 'value', `signals.${name}.`);
    signals[name] = value === undefined ? unknown('missing') : known(at, value);
  }
  return signals;
};

const timeOf = (fields: Fields, now: EpochSeconds): EpochSeconds =>
  fields.at === undefined ? now : instant(fields.at, 'at');

const describe = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};
