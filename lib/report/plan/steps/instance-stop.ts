import { ratioOf } from '../../prices/price-book.ts';
import type { Proposal } from '../advice.ts';
import type { PlanContext } from '../plan-context.ts';
import { type InstanceState, instanceCoverKey, type ResourceState } from '../resource.ts';
import { seenHours } from '../series.ts';

/** Below it an EC2 instance does nothing but run. */
const restingCpuPercent = 2;

/**
 * Stops it in the hours of the week in which nobody ever used it, when that saves more than a reservation would:
 * a schedule wins below a run fraction of one minus the discount.
 */
export const proposeStop = (state: ResourceState, context: PlanContext): Proposal | undefined => {
  // A cache cannot be stopped.
  if (state.kind !== 'instance' || state.usage.kind === 'elasticache') return undefined;
  const { settings, local, usage } = context;
  const inUse = useOf(state);
  if (inUse === undefined || seenHours(inUse) < settings.minHistoryDays * 24) return undefined;
  const needed = hoursEverUsed(inUse, local.hourOfDay, local.restDay);
  const running = state.running.map((share, h) => (needed[slot(local, h)] === 1 ? share : 0));
  const fraction =
    needed.slice(0, 24).reduce((sum, on) => sum + on * 5, 0) + needed.slice(24).reduce((sum, on) => sum + on * 2, 0);
  const discount = 1 - bestRatio(state, context);
  if (fraction === 168 || fraction / 168 >= 1 - discount) return undefined;
  const { id, kind, region } = state.usage;
  return {
    kind: 'stop',
    title: `${id}: stopped when nobody uses it`,
    change: { to: 'hours', workday: needed.slice(0, 24), restDay: needed.slice(24) },
    after: { ...state, running },
    evidence: [
      {
        text:
          `In use in ${fraction} of 168 hours of the week (${((100 * fraction) / 168).toFixed(0)} %), in every one of the last ` +
          `${Math.floor(usage.hours / 168)} weeks. Below ${((1 - discount) * 100).toFixed(0)} % a schedule beats a reservation.`,
        series: [...needed],
      },
    ],
    risk: 'medium',
    effort: 'low',
    confidence: usage.hours >= 8 * 168 ? 'high' : 'medium',
    reversible: true,
    rollback: 'Delete the schedule; start it.',
    patch: [{ as: 'command', text: scheduleCommands(kind, id, region, needed, usage.timeZone) }],
  };
};

/** An hour that it stood still was not a use of it, whatever was or was not measured then. */
const useOf = ({ usage }: InstanceState): readonly (number | null)[] | undefined => {
  const { running, connections, cpuP99Percent } = usage.hourly;
  const seen =
    usage.kind === 'rds'
      ? connections
      : cpuP99Percent?.map((cpu) => (cpu === null ? null : cpu > restingCpuPercent ? 1 : 0));
  return seen?.map((use, h) => (running[h] === 0 ? 0 : use));
};

const slot = ({ hourOfDay, restDay }: PlanContext['local'], h: number): number =>
  (restDay[h] === 1 ? 24 : 0) + (hourOfDay[h] as number);

/** 24 hours of working days, then 24 of days off; 1: used at least once, or nobody knows. The hour before is for starting. */
const hoursEverUsed = (
  use: readonly (number | null)[],
  hourOfDay: Uint8Array,
  restDay: Uint8Array,
): readonly number[] => {
  const used = new Array<number>(48).fill(0);
  use.forEach((value, h) => {
    if (value === 0) return;
    const at = (restDay[h] === 1 ? 24 : 0) + (hourOfDay[h] as number);
    used[at] = 1;
    if (at % 24 > 0) used[at - 1] = 1;
  });
  return used;
};

const bestRatio = (state: InstanceState, { book }: PlanContext): number => {
  const ratios = book.offers
    .filter(({ kind, years, payment }) => kind === 'reservation' && years === 1 && payment === 'none')
    .flatMap((offer) => ratioOf(offer, instanceCoverKey(state)) ?? []);
  return Math.min(1, ...ratios);
};

const scheduleCommands = (
  kind: 'ec2' | 'rds' | 'elasticache',
  id: string,
  region: string,
  needed: readonly number[],
  timeZone: string,
): string => {
  const actions =
    kind === 'rds'
      ? { start: 'rds:startDBInstance', stop: 'rds:stopDBInstance', input: { DbInstanceIdentifier: id } }
      : { start: 'ec2:startInstances', stop: 'ec2:stopInstances', input: { InstanceIds: [id] } };
  return [...edges(needed.slice(0, 24), 'MON-FRI'), ...edges(needed.slice(24), 'SAT,SUN')]
    .map(
      ({ on, hour, days }) =>
        `aws scheduler create-schedule --region ${region} --name ${id}-${on ? 'start' : 'stop'}-${days === 'MON-FRI' ? 'workdays' : 'weekend'}-${hour} --schedule-expression "cron(0 ${hour} ? * ${days} *)" --schedule-expression-timezone ${timeZone} --flexible-time-window Mode=OFF --target '${JSON.stringify({ Arn: `arn:aws:scheduler:::aws-sdk:${on ? actions.start : actions.stop}`, RoleArn: 'ROLE_ARN', Input: JSON.stringify(actions.input) })}'`,
    )
    .join('\n');
};

interface Edge {
  readonly on: boolean;
  readonly hour: number;
  readonly days: string;
}

/** Changes at the hours of such a day; a day that is off all the time begins with a stop, one that is on with a start. */
const edges = (day: readonly number[], days: string): readonly Edge[] =>
  day.flatMap((on, hour): readonly Edge[] =>
    hour === 0 || on !== day[hour - 1] ? [{ on: on === 1, hour, days }] : [],
  );
