import type { Draft } from '../draft.ts';
import type { Source } from '../source/source.ts';
import { type WeekMinute, weeklyCron } from '../week/cron.ts';
import { newestBefore, type WeekEvent } from '../week/timeline.ts';
import { type Stretch, windowsOf } from '../week/windows.ts';

/** One cron trigger: from each start to the next end it wants so many replicas. */
interface Floor {
  readonly name: string;
  readonly replicas: number;
  readonly timeZone: string;
  readonly events: readonly WeekEvent<'start' | 'end'>[];
}

/**
 * Cron triggers → windows with a floor. Several at once: the largest, as the HPA has it. Where cron is all there is,
 * the count is exact inside and the minimum outside.
 */
export const cronWindows = (draft: Draft, triggers: readonly Source[]): void => {
  const crons = triggers.filter((trigger) => trigger.get('type')?.text() === 'cron');
  const floors = crons.flatMap((trigger, i) => floorOf(draft, trigger, i) ?? []);
  const [first] = floors;
  if (first === undefined) return;
  const { service } = draft;
  const fitting = floors.filter((floor) => floor.timeZone === first.timeZone);
  service.timeZone = first.timeZone;
  const alone = service.policy === undefined;
  const max = service.tasks?.max ?? 0;
  const windows = windowsOf(stretchesOf(fitting, service.tasks?.min ?? 0, max, alone));
  if (windows.length > 0) service.schedule = [...windows];
  draft.habit(
    'the end of a cron trigger',
    'the end of the window',
    'KEDA keeps the floor for the scale-in window longer (300 s unless set); Sluice ends it at the minute, and prepares its beginning.',
    'schedule',
  );
  if (!alone) return;
  const min = service.tasks?.min ?? 0;
  service.tasks = { min, max: min };
  service.queue = false;
  service.policy = { type: 'targetTracking', signals: [{ signal: 'cpu', target: 60 }] };
  draft.habit(
    'only cron triggers',
    'exact counts',
    'No other trigger asks for tasks, so the policy has nothing to say.',
    'policy',
  );
};

const floorOf = (draft: Draft, trigger: Source, index: number): Floor | undefined => {
  const name = trigger.get('name')?.text() ?? `cron ${index + 1}`;
  const metadata = trigger.need('metadata', 'A cron trigger has its times there.');
  const [timeZone, start, end] = ['timezone', 'start', 'end'].map((key) => metadata.need(key, 'KEDA requires it.')) as [
    Source,
    Source,
    Source,
  ];
  const replicas = metadata.need('desiredReplicas', 'KEDA requires it.').wholeNumber();
  const zone = timeZone.text();
  const from = weeklyCron(start.text(), 'unix');
  const to = weeklyCron(end.text(), 'unix');
  for (const [source, cron] of [
    [start, from],
    [end, to],
  ] as const) {
    if (cron?.weekly) continue;
    draft.drop(
      trigger,
      `${source.shown} ${cron ? `is not the same each week: ${cron.because}` : 'is no cron expression of five fields'}; windows repeat by the week, or name "dates".`,
    );
    return undefined;
  }
  const known = draft.service.timeZone;
  if (known !== undefined && known !== zone) {
    draft.drop(trigger, `A service has one time zone, and another trigger has ${known}.`);
    return undefined;
  }
  draft.service.timeZone = zone;
  const at = (cron: typeof from): readonly WeekMinute[] => (cron?.weekly ? cron.minutes : []);
  return {
    name,
    replicas,
    timeZone: zone,
    events: [
      ...at(to).map((minute) => ({ at: minute, what: 'end' as const })),
      ...at(from).map((minute) => ({ at: minute, what: 'start' as const })),
    ],
  };
};

const stretchesOf = (floors: readonly Floor[], min: number, max: number, exact: boolean): readonly Stretch[] => {
  const edges = [...new Set(floors.flatMap(({ events }) => events.map(({ at }) => at)))];
  return edges.map((from) => {
    const active = floors.filter(({ events }) => newestBefore(events, from)?.what === 'start');
    const [largest] = [...active].sort((a, b) => b.replicas - a.replicas);
    const floor = Math.min(max, largest?.replicas ?? 0);
    if (largest === undefined || floor <= min) return { from, name: '', tasks: {} };
    return { from, name: largest.name, tasks: exact ? { exact: floor } : { min: floor } };
  });
};
