import type { Observation, Reading } from '../../model/observation.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { count, counted, duration } from '../run/format.ts';
import type { SeenLine } from './story.ts';

/** Everything a decision looked at, in the order in which a person asks for it. */
export const seenLines = (seen: Observation): readonly SeenLine[] => [
  ...seen.queues.map(({ name, counts }) =>
    line(seen.now, `queue ${name}`, counts, ({ visible, inFlight, delayed }) =>
      [`${count(visible)} waiting`, `${count(inFlight)} in progress`, ...some(delayed, 'delayed')].join(', '),
    ),
  ),
  line(seen.now, 'tasks', seen.service, (tasks) =>
    [
      `${count(tasks.desired)} desired`,
      `${count(tasks.running)} running`,
      `${count(tasks.pending)} starting`,
      ...some(tasks.draining ?? 0, 'working off their last job'),
      ...(tasks.failedStarts > 0 ? [`${counted(tasks.failedStarts, 'start')} failed in a row`] : []),
      ...(tasks.deploymentInProgress ? ['a deployment is in progress'] : []),
    ].join(', '),
  ),
  line(seen.now, 'workers', seen.work, (work) => {
    const mean = work.serviceSeconds === undefined ? undefined : work.serviceSeconds / work.completed;
    return [
      `${counted(work.started, 'job')} started since the tick before${work.late > 0 ? `, ${count(work.late)} of them late` : ''}`,
      `${count(work.completed)} completed${mean !== undefined && Number.isFinite(mean) ? ` in ${duration(mean)} each` : ''}`,
      ...some(work.failed, 'failed'),
    ].join(', ');
  }),
  ...Object.entries(seen.signals).map(([name, reading]) =>
    line(seen.now, name, reading, (value) => `${Number(value.toPrecision(4))}${units[name] ?? ''}`),
  ),
];

const line = <T>(now: EpochSeconds, name: string, reading: Reading<T>, words: (value: T) => string): SeenLine =>
  reading.known
    ? { name, text: words(reading.value), ageSeconds: now - reading.at, known: true }
    : {
        name,
        text: `NOT KNOWN: ${causes[reading.because]}${reading.text === undefined ? '' : ` (${reading.text})`}`,
        known: false,
      };

const some = (n: number, what: string): readonly string[] => (n > 0 ? [`${count(n)} ${what}`] : []);

const causes: Readonly<Record<Extract<Reading<unknown>, { readonly known: false }>['because'], string>> = {
  missing: 'there is no value',
  stale: 'too old to be believed',
  future: 'its time lies in the future, some clock is wrong',
  failed: 'it could not be read',
  hidden: 'hidden from the decision',
};

const units: Readonly<Record<string, string>> = {
  cpu: ' %',
  memory: ' %',
  errorPercent: ' %',
  cacheHitPercent: ' %',
  requestsPerSecond: ' requests/s',
  latencyMs: ' ms',
};
