import type { QueueFactorPolicy } from '../../model/policy.ts';
import type { PolicyInput, PolicyOutput } from './proposal.ts';
import { shown, timesFactor } from './rounding.ts';
import { cannotTell, settle } from './settle.ts';
import { SignalReader } from './signal-reader.ts';

type Rule = QueueFactorPolicy['rules'][number];

/** Multiplies the count by the factor of the first rule that the queue depth (and the active jobs) fit. */
export const queueFactor = (policy: QueueFactorPolicy, input: PolicyInput): PolicyOutput => {
  const signals = new SignalReader(input.observation);
  const queue = signals.read('queueDepth');
  if (queue === undefined) return { proposal: cannotTell('queueFactor', signals) };
  const rule = policy.rules.find((candidate) => fits(candidate, queue, signals));
  if (rule === undefined) {
    const text = `The queue holds ${shown(queue)}, where no rule applies.`;
    return { proposal: settle('queueFactor', signals, input.current, input.current, text) };
  }
  const text = `The queue holds ${shown(queue)}, ${inWords(rule)}: ${input.current} × ${shown(rule.factor)}.`;
  const desired = timesFactor(input.current, rule.factor);
  return { proposal: settle('queueFactor', signals, input.current, desired, text) };
};

/** The thresholds of requirements 2: the media downloader's. */
export const defaultQueueFactorRules: QueueFactorPolicy['rules'] = [
  { above: 100, factor: 2 },
  { above: 50, factor: 1.5 },
  { below: 10, activeBelow: 5, factor: 0.5 },
];

const fits = (rule: Rule, queue: number, signals: SignalReader): boolean => {
  if (rule.above !== undefined && !(queue > rule.above)) return false;
  if (rule.below !== undefined && !(queue < rule.below)) return false;
  if (rule.activeBelow === undefined) return true;
  const active = signals.read('activeJobs');
  return active !== undefined && active < rule.activeBelow;
};

const inWords = (rule: Rule): string => {
  const words: string[] = [];
  if (rule.above !== undefined) words.push(`above ${shown(rule.above)}`);
  if (rule.below !== undefined) words.push(`below ${shown(rule.below)}`);
  if (rule.activeBelow !== undefined) words.push(`with fewer than ${shown(rule.activeBelow)} active jobs`);
  return words.join(' ');
};
