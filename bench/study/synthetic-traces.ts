import { createRandom } from '../../lib/simulate/random.ts';
import type { TraceBucket } from '../../lib/simulate/trace-file.ts';
import { burstyDay, curveAt, type DayCurve, steadyDay } from '../../lib/simulate/workload.ts';
import type { StudyTrace } from './traces.ts';

const minutesADay = 1440;
const seed = 20_261_121;

/** Five shapes of load, a row a minute, equal in every run: what there is to judge by where no recorded trace lies. */
export const syntheticTraces = (days: number): readonly StudyTrace[] => [
  made('made_office_hours', days, (minute) => 20 * workday(minute) * curve(steadyDay, minute) + 0.5),
  made('made_burst_a_day', days, (minute) => 40 * curve(burstyDay, minute)),
  made('made_every_half_hour', days, (minute) => (minute % 30 < 2 ? 60 : 0.4)),
  made('made_growth', days, (minute) => (1 + minute / minutesADay) * (4 + 3 * Math.sin((2 * Math.PI * minute) / 1440))),
  made('made_noisy', days, (_, random) => 12 * random.lognormal(1, 1.2)),
];

type Rate = (minute: number, random: ReturnType<typeof createRandom>) => number;

const made = (name: string, days: number, jobsAMinute: Rate): StudyTrace => {
  const random = createRandom(seed).fork(name);
  const buckets: TraceBucket[] = Array.from({ length: days * minutesADay }, (_, minute) => ({
    second: minute * 60,
    widthSeconds: 60,
    jobs: jobsAMinute(minute, random),
  }));
  return { name, buckets };
};

const curve = (day: DayCurve, minute: number): number => curveAt(day, (minute % minutesADay) / minutesADay);
/** Day 5 and 6 of a week are quiet. */
const workday = (minute: number): number => (Math.floor(minute / minutesADay) % 7 < 5 ? 1 : 0.1);
