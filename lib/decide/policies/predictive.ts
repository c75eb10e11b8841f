import type { PredictivePolicy } from '../../model/policy.ts';
import type { Json } from '../../model/state.ts';
import type { Seconds } from '../../model/units.ts';
import { confidenceOf, forecast, learn, type PredictiveMemory, slotSeconds, type Values } from './predictive-memory.ts';
import type { CountProposal, PolicyInput, PolicyOutput } from './proposal.ts';
import { ceilCount, shown } from './rounding.ts';
import { cannotTell, settle } from './settle.ts';
import { SignalReader } from './signal-reader.ts';

const leastHistorySeconds: Seconds = 86_400;
const leastSamples = 10;
/** Utilisation that the full variant sizes for. */
const cpuTarget = 70;
const memoryTarget = 80;

/**
 * Forecasts CPU, memory and active jobs by time of day and week. `step`: +2 when CPU > 75 or memory > 80 are expected,
 * -1 when CPU < 25 and memory < 30 are. `full`: the count that the forecast load needs. Below 24 h of history, 10 samples
 * (means of 5 minutes) or the wanted confidence it abstains. Within a combinator it holds up and never pulls down.
 */
export const predictive = (policy: PredictivePolicy, input: PolicyInput): PolicyOutput => {
  const { now } = input.observation;
  const horizonSeconds = policy.horizonMinutes * 60;
  const signals = new SignalReader(input.observation);
  const values = loadOf(signals, input);
  const memory = learn(input.memory, now, horizonSeconds, values);
  const output = { memory: memory as unknown as Json };
  if (values.every((value) => value === null)) return { proposal: cannotTell('predictive', signals), ...output };

  const wait = reasonToWait(policy, memory, now);
  const act = policy.mode === 'full' ? fullVariant : stepVariant;
  const wanted = wait ?? act(forecast(memory, now + horizonSeconds), input, policy);
  if (typeof wanted === 'string')
    return { proposal: { ...abstain(input.current, wanted), ...note(signals) }, ...output };
  const proposal = settle('predictive', signals, input.current, wanted.desired, wanted.text);
  return { proposal: { ...proposal, forecast: true }, ...output };
};

interface Wanted {
  readonly desired: number;
  readonly text: string;
}

const reasonToWait = (policy: PredictivePolicy, memory: PredictiveMemory, now: number): string | undefined => {
  const historySeconds = now - memory.firstAt;
  if (historySeconds < leastHistorySeconds)
    return `${shown(historySeconds / 3600)} h of history are there and 24 h are needed: no forecast yet.`;
  if (memory.slotsSeen < leastSamples)
    return `${memory.slotsSeen} samples of ${slotSeconds / 60} minutes are there and ${leastSamples} are needed: no forecast yet.`;
  const confidence = confidenceOf(memory);
  if (confidence < policy.minConfidence)
    return `Past forecasts give a confidence of ${shown(confidence)}, below ${shown(policy.minConfidence)}: no action.`;
  return undefined;
};

const stepVariant = (expected: Values, { current }: PolicyInput, policy: PredictivePolicy): Wanted | string => {
  const cpu = perTask(expected[0], current);
  const memory = perTask(expected[1], current);
  const text = `In ${policy.horizonMinutes} min CPU ${inPercent(cpu)} and memory ${inPercent(memory)} are expected at ${current} tasks`;
  if ((cpu ?? 0) > 75 || (memory ?? 0) > 80) return { desired: current + 2, text: `${text}: 2 more.` };
  if (cpu !== null && memory !== null && cpu < 25 && memory < 30)
    return { desired: current - 1, text: `${text}: 1 fewer.` };
  return `${text}: no step.`;
};

const fullVariant = (expected: Values, { settings }: PolicyInput, policy: PredictivePolicy): Wanted | string => {
  const [cpu = null, memory = null, active = null] = expected;
  const needs = [
    cpu === null ? 0 : ceilCount(cpu / cpuTarget),
    memory === null ? 0 : ceilCount(memory / memoryTarget),
    active === null ? 0 : ceilCount(active / Math.max(1, settings.worker.concurrency)),
  ];
  if (expected.every((value) => value === null)) return 'This hour was never seen before: no forecast.';
  const desired = Math.max(...needs);
  const text = `In ${policy.horizonMinutes} min the load needs ${desired} tasks (CPU ${needs[0]}, memory ${needs[1]}, active jobs ${needs[2]}).`;
  return { desired, text };
};

/** Percentages are means of the running tasks; those that still start carry nothing yet. */
const loadOf = (signals: SignalReader, { observation, current }: PolicyInput): Values => {
  const tasks = observation.service.known ? observation.service.value.running : current;
  const total = (percent: number | undefined): number | null => (percent === undefined ? null : percent * tasks);
  return [total(signals.readIfAny('cpu')), total(signals.readIfAny('memory')), signals.readIfAny('activeJobs') ?? null];
};

const perTask = (total: number | null | undefined, tasks: number): number | null =>
  typeof total === 'number' && tasks > 0 ? total / tasks : null;

const inPercent = (value: number | null): string => (value === null ? 'unknown' : `${shown(value)} %`);

const abstain = (current: number, text: string): CountProposal => ({
  kind: 'count',
  desired: current,
  code: 'predictiveWait',
  text,
  abstains: true,
});

const note = (signals: SignalReader): { readonly unknown?: string } =>
  signals.unknown.length === 0 ? {} : { unknown: signals.unknown.join(', ') };
