import { usualAlertNumbers } from '../model/alert-numbers.ts';
import type { Observation } from '../model/observation.ts';
import type { Remediation, Settings } from '../model/plan.ts';
import type { AlertMemory } from '../model/state.ts';
import type { EpochSeconds } from '../model/units.ts';
import type { Finding } from './alerts/lasting.ts';
import { loadFindings } from './alerts/load-findings.ts';
import { iso } from './guard.ts';
import { type Ruling, unchanged } from './ruling.ts';

/** A floor that was set because of an alert, until when, and for which. */
export type Remedy = NonNullable<AlertMemory['remedy']>;

export interface Remediated {
  readonly ruling: Ruling;
  /** For the next tick. Absent: none is in force. */
  readonly remedy?: Remedy;
}

/**
 * Opt-in: when an alert of load is raised, the fleet is multiplied at once, whatever the policy says, and kept for a
 * while so that it can work. Then it is judged anew. Bounds, limits, pacing and guards come after it and stand above it.
 *
 * @param count what is wanted so far
 * @param current the desired count now
 */
export const remediate = (
  count: number,
  current: number,
  observation: Observation,
  { service, remediation, alerts }: Settings,
  memory: AlertMemory | undefined,
  now: EpochSeconds,
): Remediated => {
  if (remediation === undefined) return { ruling: unchanged(count) };
  const before = memory?.remedy !== undefined && memory.remedy.until > now ? memory.remedy : undefined;
  const numbers = { ...usualAlertNumbers, ...alerts?.numbers };
  const remedy = before ?? newRemedy(loadFindings(service, observation, numbers), current, remediation, memory, now);
  if (remedy === undefined) return { ruling: unchanged(count) };
  const { tasks, until, because } = remedy;
  if (tasks <= count) return { ruling: unchanged(count), remedy };
  const text = `${because} At least ${tasks} tasks until ${iso(until)}; ${count} would have been wanted.`;
  const step = { stage: 'guard', code: 'remediation', text, from: count, to: tasks } as const;
  return { ruling: { desired: tasks, steps: [step], alerts: [] }, remedy };
};

const newRemedy = (
  findings: readonly Finding[],
  current: number,
  remediation: Remediation,
  memory: AlertMemory | undefined,
  now: EpochSeconds,
): Remedy | undefined => {
  const causes = findings
    .filter((finding) => isRaised(finding, memory, now))
    .map(({ code, found }) => ({ factor: factorOf(code, remediation), text: found?.text ?? '' }))
    .filter(({ factor }) => factor > 1)
    .sort((a, b) => b.factor - a.factor);
  const [worst] = causes;
  if (worst === undefined || current <= 0) return undefined;
  return {
    until: now + remediation.cooldownSeconds,
    tasks: Math.ceil(current * worst.factor - 1e-9),
    because: `${worst.text} That is met with ${worst.factor} times the ${current} tasks.`,
  };
};

/** It was found at the tick before too, and for as long as it takes to be an alert; of CPU, only what is critical. */
const isRaised = (
  { code, found, forSeconds }: Finding,
  memory: AlertMemory | undefined,
  now: EpochSeconds,
): boolean => {
  const since = memory?.since[code];
  if (found === undefined || since === undefined || now - since < forSeconds) return false;
  return code !== 'cpuHigh' || found.severity === 'critical';
};

const factorOf = (code: string, { cpu, memory, queue }: Remediation): number => {
  switch (code) {
    case 'cpuHigh':
      return cpu;
    case 'memoryHigh':
      return memory;
    case 'queueLong':
      return queue;
    default:
      return 1;
  }
};
