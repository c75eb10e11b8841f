import type { DampenedPolicy } from '../../model/policy.ts';
import type { PolicyInput, PolicyOutput } from './proposal.ts';
import { ceilCount, shown } from './rounding.ts';
import { cannotTell, settle } from './settle.ts';
import { SignalReader } from './signal-reader.ts';

const everySeconds = 30;
/** Ticks come a little early or late; 30 s means every third tick of 10 s, not every fourth. */
const jitterSeconds = 0.5;

/**
 * The largest of four load factors, acted on every 30 s: above 1.2 `ceil(n × min(factor, 2))`, below 0.8
 * `max(n − 1, ceil(0.8 n))`. Factors that the service does not have are left out. Memory: time of the last look.
 */
export const dampened = (policy: DampenedPolicy, input: PolicyInput): PolicyOutput => {
  const { current } = input;
  const { now } = input.observation;
  const signals = new SignalReader(input.observation);
  const factors = factorsOf(policy, signals, current);
  const lookedAt = typeof input.memory === 'number' ? input.memory : -Infinity;
  const [name, factor] = largest(factors);
  if (name === undefined) return { proposal: cannotTell('dampened', signals), memory: input.memory ?? null };
  const shownFactor = `The largest load factor is ${shown(factor)} (${name})`;
  if (now - lookedAt < everySeconds - jitterSeconds) {
    const text = `${shownFactor}; the next look is in ${Math.ceil(lookedAt + everySeconds - now)} s.`;
    return { proposal: settle('dampened', signals, current, current, text), memory: lookedAt };
  }
  const desired = countFor(factor, current);
  return {
    proposal: settle('dampened', signals, current, desired, `${shownFactor}: ${current} → ${desired}.`),
    memory: now,
  };
};

const countFor = (factor: number, current: number): number => {
  if (factor > 1.2) return ceilCount(current * Math.min(factor, 2));
  if (factor < 0.8) return Math.max(0, current - 1, ceilCount(current * 0.8));
  return current;
};

const factorsOf = (
  policy: DampenedPolicy,
  signals: SignalReader,
  current: number,
): readonly (readonly [string, number | undefined])[] => {
  const rate = signals.readIfAny('requestsPerSecond');
  // Over no tasks any rate is too much; 2 is the most that a factor can do.
  const rateFactor = rate === undefined ? undefined : current === 0 ? 2 : rate / (current * policy.ratePerTask);
  return [
    ['cpu', over(signals.readIfAny('cpu'), policy.cpu)],
    ['memory', over(signals.readIfAny('memory'), policy.memory)],
    ['latencyMs', over(signals.readIfAny('latencyMs'), policy.latencyMs)],
    ['requestsPerSecond', rateFactor],
  ];
};

const over = (value: number | undefined, limit: number): number | undefined =>
  value === undefined ? undefined : value / limit;

const largest = (
  factors: readonly (readonly [string, number | undefined])[],
): readonly [string | undefined, number] => {
  let name: string | undefined;
  let most = -Infinity;
  for (const [candidate, factor] of factors)
    if (factor !== undefined && factor > most) {
      name = candidate;
      most = factor;
    }
  return [name, most];
};
