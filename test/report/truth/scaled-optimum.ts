import type { Lived } from './job-by-job.ts';
import { evenly, type ScaledService, type ScaledWay } from './scaled-service.ts';

/**
 * The cheapest way to scale a service among today's rule and `slo`, each with every minimum of none, one and today's in
 * office hours, in other hours of working days and on weekends that falls with them. By living them all.
 */
export const scaledOptimum = (
  service: ScaledService,
  lived: (way: ScaledWay) => Judged,
): Judged & { way: ScaledWay } => {
  const { today } = service;
  const levels = [...new Set([0, 1, today.min.business])].sort((a, b) => a - b);
  const ways: ScaledWay[] = [today];
  for (const business of levels) {
    for (const offHours of levels.filter((level) => level <= business)) {
      for (const rest of levels.filter((level) => level <= offHours)) {
        const min = { ...evenly(0, service.opens, service.closes), business, offHours, rest };
        ways.push({ rule: { type: 'slo' }, min, max: today.max });
      }
    }
  }
  const all = ways.map((way) => ({ way, ...lived(way) }));
  const kept = all.filter((one) => one.attained >= service.percent);
  const [first = all[0]] = kept.sort((a, b) => a.taskHours - b.taskHours);
  if (first === undefined) throw new Error('no way at all');
  return first;
};

export interface Judged {
  /** Of a week. */
  readonly taskHours: number;
  readonly attained: number;
}

export const judgedOf = ({ taskHours, late, jobs }: Lived, weightAt: (h: number) => number): Judged => {
  const sum = (of: readonly number[], weigh: boolean): number =>
    of.reduce((total, value, h) => total + value * (weigh ? weightAt(h) : 1), 0);
  const all = sum(jobs, false);
  return { taskHours: sum(taskHours, true), attained: all === 0 ? 100 : 100 * (1 - sum(late, false) / all) };
};
