import type { ThresholdPolicy, ThresholdSide } from '../../model/policy.ts';
import type { Seconds } from '../../model/units.ts';
import type { PolicyInput, PolicyOutput } from './proposal.ts';
import { shown, timesFactor } from './rounding.ts';
import { cannotTell, settle } from './settle.ts';
import { SignalReader } from './signal-reader.ts';

type Preset = NonNullable<ThresholdPolicy['preset']>;
interface Sides {
  readonly out: ThresholdSide;
  readonly in: ThresholdSide;
}

/** Out when any of CPU, memory and queue is above its threshold; in when all of them are below theirs. */
export const threshold = (policy: ThresholdPolicy, input: PolicyInput): PolicyOutput => {
  const sides = sidesOf(policy);
  const signals = new SignalReader(input.observation);
  const { current } = input;
  const seen = watched(sides).map((name) => [name, signals.read(signalOf[name])] as const);
  if (seen.every(([, value]) => value === undefined)) return { proposal: cannotTell('threshold', signals) };

  const high = seen.find(([name, value]) => value !== undefined && value > (sides.out[name] ?? Infinity));
  if (high !== undefined) {
    const factor = sides.out.factor ?? 2;
    const text = `${inWords[high[0]]} ${shown(high[1] ?? 0)} is above ${shown(sides.out[high[0]] ?? 0)}: ${current} × ${shown(factor)}.`;
    return { proposal: settle('threshold', signals, current, timesFactor(current, factor), text) };
  }
  if (isLow(sides.in, seen)) {
    const factor = sides.in.factor ?? 0.5;
    const values = seen.map(([name, value]) => `${inWords[name]} ${shown(value ?? 0)}`).join(', ');
    const text = `All is below its lower threshold (${values}): ${current} × ${shown(factor)}.`;
    return { proposal: settle('threshold', signals, current, timesFactor(current, factor), text) };
  }
  const text = 'CPU, memory and queue are between their thresholds.';
  return { proposal: settle('threshold', signals, current, current, text) };
};

/** What each preset stands for; every number is overridden by the policy's own `out` and `in`. */
export const thresholdPresets: Readonly<Record<Preset, Sides>> = {
  controller: {
    out: { cpu: 80, memory: 85, queue: 100, factor: 2 },
    in: { cpu: 30, memory: 40, queue: 10, factor: 0.5 },
  },
  conservative: { out: { cpu: 80, memory: 85, factor: 1.5 }, in: { cpu: 30, memory: 40, factor: 0.7 } },
  aggressive: { out: { cpu: 70, memory: 75, factor: 2 }, in: { cpu: 40, memory: 50, factor: 0.8 } },
  collector: {
    out: { cpu: 80, memory: 85, queue: 1000, factor: 2 },
    in: { cpu: 30, memory: 40, queue: 100, factor: 0.5 },
  },
};

/** Cooldowns that belong to a preset. The config fills them in as defaults of `behavior`, so that a user's own number wins. */
export const presetBehavior: Readonly<
  Record<Preset, { readonly scaleOutCooldownSeconds?: Seconds; readonly scaleInCooldownSeconds?: Seconds }>
> = {
  controller: {},
  conservative: { scaleOutCooldownSeconds: 300, scaleInCooldownSeconds: 600 },
  aggressive: { scaleOutCooldownSeconds: 120, scaleInCooldownSeconds: 300 },
  collector: {},
};

const sidesOf = (policy: ThresholdPolicy): Sides => {
  const preset = thresholdPresets[policy.preset ?? 'controller'];
  return { out: { ...preset.out, ...policy.out }, in: { ...preset.in, ...policy.in } };
};

type Measure = 'cpu' | 'memory' | 'queue';
const measures: readonly Measure[] = ['cpu', 'memory', 'queue'];
const signalOf: Readonly<Record<Measure, string>> = { cpu: 'cpu', memory: 'memory', queue: 'queueDepth' };
const inWords: Readonly<Record<Measure, string>> = { cpu: 'CPU', memory: 'memory', queue: 'queue' };

const watched = (sides: Sides): readonly Measure[] =>
  measures.filter((name) => sides.out[name] !== undefined || sides.in[name] !== undefined);

const isLow = (side: ThresholdSide, seen: readonly (readonly [Measure, number | undefined])[]): boolean => {
  let conditions = 0;
  for (const [name, value] of seen) {
    const below = side[name];
    if (below === undefined) continue;
    if (value === undefined || value >= below) return false;
    conditions += 1;
  }
  return conditions > 0;
};
