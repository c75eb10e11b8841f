import { toSummary } from '../../jobs/job-item.ts';
import { jobItems } from '../../jobs/upkeep/audit.ts';
import type { LocalCloud } from '../../local/local-cloud.ts';
import { type RecordedJobs, withRecords } from '../../local/run/with-records.ts';
import type { JobCounts } from '../../model/job-counts.ts';

/** The accounts of a run, with the job records of those services that keep any. */
export const recordedAccounts = async (
  cloud: LocalCloud,
  accounts: Readonly<Record<string, JobCounts>>,
  submitted: Readonly<Record<string, ReadonlySet<string>>>,
): Promise<Readonly<Record<string, JobCounts>>> => {
  const table = cloud.resources.all.find(
    ({ type, logicalId }) => type === 'AWS::DynamoDB::Table' && logicalId.startsWith('JobsTable'),
  )?.ref;
  if (table === undefined) return accounts;
  const serviceOf = new Map(
    cloud.services.flatMap(({ name, queues }) => queues.map((queue) => [queue.name, name] as const)),
  );
  const recorded = new Map<string, RecordedJobs>();
  for await (const item of jobItems(cloud.clients.dynamoDb, table)) {
    const { queue, jobId, state } = toSummary(item);
    const service = serviceOf.get(queue);
    if (service === undefined) continue;
    const before = recorded.get(service) ?? nothing;
    recorded.set(
      service,
      submitted[service]?.has(jobId)
        ? {
            ...before,
            own: state in before.own ? { ...before.own, [state]: before.own[state as 'expired'] + 1 } : before.own,
          }
        : { ...before, others: { ...before.others, [state]: before.others[state] + 1 } },
    );
  }
  const all = new Set([...Object.keys(accounts), ...recorded.keys()]);
  return Object.fromEntries(
    [...all].map((service) => [service, withRecords(accounts[service] ?? noJobs, recorded.get(service) ?? nothing)]),
  );
};

const nothing: RecordedJobs = {
  own: { expired: 0, cancelled: 0 },
  others: { done: 0, failed: 0, expired: 0, cancelled: 0, queued: 0, running: 0 },
};
const noJobs: JobCounts = { submitted: 0, lost: 0, ...nothing.others };
