import { pathToFileURL } from 'node:url';
import type { LocalCloud } from '../../local/local-cloud.ts';
import type { JobCounts } from '../../model/job-counts.ts';
import type { TourStep } from '../../report/run/run-record.ts';
import { addJobs } from '../../report/run/summary.ts';
import type { StartRequest } from './request.ts';
import type { Screen } from './screen.ts';
import { countTourJobs, findJobApi, type Tour, takeTour } from './tour.ts';

/** The tour of an example, connected to its cloud. */
export interface OpenTour {
  readonly take: (signal: AbortSignal) => Promise<readonly TourStep[]>;
  /** Where its jobs are by now, by queue. */
  readonly jobs: () => Promise<Readonly<Record<string, JobCounts>>>;
}

/** Undefined: the example has no tour, or its app no job API. */
export const openTour = async (
  { tourModule }: StartRequest,
  cloud: LocalCloud,
  screen: Screen,
  signal: AbortSignal,
): Promise<OpenTour | undefined> => {
  const api = tourModule === undefined ? undefined : await findJobApi(cloud, signal);
  if (tourModule === undefined || api === undefined) return undefined;
  const module = (await import(pathToFileURL(tourModule).href)) as { readonly tour?: Tour };
  const { tour } = module;
  if (tour === undefined) throw new Error(`${tourModule} does not export "tour"`);
  return {
    take: () => takeTour(tour, api, ({ name, text }) => screen.event(`Job API, ${name}: ${text}`)),
    jobs: () => countTourJobs(api),
  };
};

/** The load's books know nothing of jobs that came through the API. */
export const withTourJobs = (
  jobs: Readonly<Record<string, JobCounts>>,
  { services }: Pick<LocalCloud, 'services'>,
  tourJobs: Readonly<Record<string, JobCounts>>,
): Readonly<Record<string, JobCounts>> =>
  Object.fromEntries(
    services.flatMap(({ name, queues }) => {
      const all = [jobs[name], ...queues.map((queue) => tourJobs[queue.name])].filter((counts) => counts !== undefined);
      return all.length === 0 ? [] : [[name, addJobs(all)]];
    }),
  );
