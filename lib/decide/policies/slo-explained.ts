import { startDelayQuantile } from '../../forecast/start-delay.ts';
import type { Seconds } from '../../model/units.ts';
import type { Outlook } from './slo-outlook.ts';

const z95 = 1.645;
const bandSigmas = 3;
const bandSeconds: Seconds = 60;

/**
 * The most tasks that the forecast's band could keep busy: a slot for each job that is there and for each that arrives,
 * at the upper end of the band, while a task starts or a job runs. No plan, but a measure for what is there.
 */
export const explainedTasks = (outlook: Outlook): number => {
  const jobs = outlook.jobs + bandSigmas * Math.sqrt(outlook.jobsVariance);
  const rate = outlook.classes.reduce((sum, { ratePerSecond, dispersion }) => {
    const sigma = Math.sqrt((dispersion * Math.max(ratePerSecond, 1 / bandSeconds)) / bandSeconds);
    return sum + ratePerSecond + bandSigmas * sigma;
  }, 0);
  const aheadSeconds = Math.max(outlook.serviceSeconds, startDelayQuantile(outlook.startDelay, z95));
  return Math.ceil((jobs + rate * aheadSeconds) / outlook.concurrency);
};
