import { readLog } from '../../act/decision-log.ts';
import type { LocalCloud } from '../../local/local-cloud.ts';
import type { FinalAccounts, Load } from '../../local/run/create-load.ts';
import { readDeadJobIds } from '../../local/run/read-truth.ts';
import type { JobCounts } from '../../model/job-counts.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { counted } from '../../report/run/format.ts';
import { decisionTable } from './decision-table.ts';
import { recordedAccounts } from './recorded-accounts.ts';
import type { RunResults } from './run-recorder.ts';

export interface Results extends RunResults {
  readonly problems: readonly string[];
}

interface Parts {
  readonly cloud: LocalCloud;
  readonly load: Load;
  readonly startedAt: EpochSeconds;
}

/** What the cloud holds at the end of a run: the decision log, and where each job ended. */
export const collectResults = async (parts: Parts & { readonly hasResults: boolean }): Promise<Results> => {
  const log = await readDecisions(parts);
  const { services: jobs } = parts.hasResults ? await parts.load.settle(5) : await settleByLines(parts);
  const all = await recordedAccounts(parts.cloud, jobs, parts.load.submitted());
  return { ...log, jobs: all, problems: [...log.problems, ...lostJobs(all)] };
};

/** The same at once: nothing is waited for, and jobs on their way are told as such. */
export const interruptedResults = async (parts: Parts): Promise<Results> => ({
  ...(await readDecisions(parts)),
  jobs: await recordedAccounts(parts.cloud, parts.load.accounts().services, parts.load.submitted()),
});

const readDecisions = async ({ cloud, startedAt }: Parts): Promise<Pick<Results, 'decisions' | 'problems'>> => {
  const table = decisionTable(cloud);
  try {
    const now = Date.now() / 1000;
    const logs = await Promise.all(
      cloud.services.map(
        async ({ name }) => [name, await readLog(cloud.clients.dynamoDb, table, name, startedAt, now + 60)] as const,
      ),
    );
    return { decisions: Object.fromEntries(logs), problems: [] };
  } catch (error) {
    return { decisions: {}, problems: [`The decision log could not be read: ${String(error)}`] };
  }
};

/**
 * Where workers leave no results behind, their lines tell what is done. What the books then miss and the dead-letter
 * queues hold has failed.
 */
const settleByLines = async ({ cloud, load }: Parts): Promise<Pick<FinalAccounts, 'services'>> => {
  const books = load.accounts().services;
  const settled = await Promise.all(
    cloud.services.map(async ({ name, queues }): Promise<[string, JobCounts][]> => {
      const jobs = books[name];
      if (jobs === undefined) return [];
      const dead = await Promise.all(
        queues.map(async ({ deadLetterUrl }) =>
          deadLetterUrl === undefined ? 0 : (await readDeadJobIds(cloud.clients.sqs, deadLetterUrl)).size,
        ),
      );
      const open = jobs.lost + jobs.running;
      const failed = Math.min(
        open,
        dead.reduce((sum, n) => sum + n, 0),
      );
      return [[name, { ...jobs, failed: jobs.failed + failed, running: 0, lost: open - failed }]];
    }),
  );
  return { services: Object.fromEntries(settled.flat()) };
};

const lostJobs = (jobs: Results['jobs']): readonly string[] =>
  Object.entries(jobs)
    .filter(([, counts]) => counts.lost > 0)
    .map(([service, { lost }]) => `${service}: ${counted(lost, 'job')} ${lost === 1 ? 'is' : 'are'} lost.`);
