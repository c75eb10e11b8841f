import { clock, count, duration, percent } from '../../report/run/format.ts';
import type { RunSnapshot, ServiceSnapshot } from '../../report/run/run-snapshot.ts';

/** The run where no terminal is: one line a service. */
export const plainLines = (run: RunSnapshot): readonly string[] =>
  run.services.map((service) => plainLine(run, service));

const plainLine = (run: RunSnapshot, service: ServiceSnapshot): string => {
  const { recentWaits: recent } = service;
  return [
    `${clock(run.t)} ${service.service}: ${count(service.waiting)} waiting, ${count(service.inFlight)} in flight`,
    recent === undefined ? 'no job started lately' : `waits p50 ${duration(recent.p50)} p95 ${duration(recent.p95)}`,
    ...(service.attainedPercent === undefined ? [] : [`${percent(service.attainedPercent)} in time`]),
    `tasks ${service.running} running, ${service.starting} starting, ${service.desired} desired`,
  ].join('; ');
};

/** One scaling action, as it happens. */
export const actionLine = (action: {
  readonly t: number;
  readonly service: string;
  readonly from: number;
  readonly desired: number;
  readonly summary: string;
}): string => `${clock(action.t)} ${action.service}: ${action.from} → ${action.desired} tasks. ${action.summary}`;
