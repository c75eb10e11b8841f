import type { AlertNumbers } from '../../model/alert-numbers.ts';
import type { Severity } from '../../model/decision.ts';
import type { Observation } from '../../model/observation.ts';
import type { Finding } from './lasting.ts';

/** CloudWatch's values are of a minute: one high value is a spike, two are load. */
const cpuForSeconds = 60;

/** What the signals say of the load. A signal that nobody reads is no finding; one that is read and unknown is not judged. */
export const loadFindings = (service: string, observation: Observation, numbers: AlertNumbers): readonly Finding[] => [
  {
    ...signalFinding(observation, 'cpu', 'cpuHigh', (cpu) =>
      above(cpu, [
        [numbers.cpuCritical, 'critical'],
        [numbers.cpuWarning, 'warning'],
      ])(`The tasks of ${service} use ${percent(cpu)} of their CPU`),
    ),
    forSeconds: cpuForSeconds,
  },
  signalFinding(observation, 'memory', 'memoryHigh', (memory) =>
    above(memory, [[numbers.memoryCritical, 'critical']])(
      `The tasks of ${service} use ${percent(memory)} of their memory`,
    ),
  ),
  signalFinding(observation, 'latencyMs', 'slowResponses', (ms) =>
    above(ms, [[numbers.latencyMs, 'warning']])(`${service} answers in ${Math.round(ms / 100) / 10} s`),
  ),
  signalFinding(observation, 'deadLetters', 'deadLetters', (count) =>
    above(count, [[0, 'warning']])(`${jobs(count)} of ${service} lie${count === 1 ? 's' : ''} in a dead-letter queue`),
  ),
  queueFinding(service, observation, numbers.queueDepth),
];

type Found = Finding['found'];

const signalFinding = (
  { signals }: Observation,
  name: string,
  code: string,
  find: (value: number) => Found,
): Finding => {
  const reading = signals[name];
  if (reading === undefined) return { code, judged: true, forSeconds: 0 };
  if (!reading.known) return { code, judged: false, forSeconds: 0 };
  const found = find(reading.value);
  return { code, judged: true, forSeconds: 0, ...(found && { found }) };
};

/** The first limit that the value is above, the gravest first. */
const above =
  (value: number, limits: readonly (readonly [limit: number, severity: Severity])[]) =>
  (text: string): Found => {
    const passed = limits.find(([limit]) => value > limit);
    return passed && { severity: passed[1], text: `${text}: more than ${passed[0].toLocaleString('en-US')}.` };
  };

const queueFinding = (service: string, { queues }: Observation, most: number): Finding => {
  const base = { code: 'queueLong', forSeconds: 0 };
  let waiting = 0;
  for (const { counts } of queues) {
    if (!counts.known) return { ...base, judged: false };
    waiting += counts.value.visible;
  }
  const found = above(waiting, [[most, 'warning']])(`${jobs(waiting)} of ${service} wait`);
  return { ...base, judged: true, ...(found && { found }) };
};

const percent = (value: number): string => `${Math.round(value)} %`;
const jobs = (count: number): string => `${count.toLocaleString('en-US')} job${count === 1 ? '' : 's'}`;
