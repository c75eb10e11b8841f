import type { JobApiPlan, JobEndpoint, JobTypePlan, RateLimit } from '../model/job-api-plan.ts';
import type { ServicePlan } from '../model/plan.ts';
import { parseDuration } from './duration.ts';
import { type PlacedIssue, place } from './input-issues.ts';
import { nearest } from './nearest.ts';
import type { CheckedApi } from './schema/api-schema.ts';

/** Lists cost a query each; nobody needs a hundred a second. */
const usualEndpoints: Readonly<Partial<Record<JobEndpoint, RateLimit>>> = { list: { perSecond: 20, burst: 40 } };

/** A checked `api` → what the function gets. */
export const jobApiPlan = (api: CheckedApi, plans: readonly ServicePlan[]): JobApiPlan => {
  const { client, address, endpoints, queuedJobs, bodyKiB, uploadMiB, batchJobs } = api.limits;
  return {
    auth: api.auth,
    types: typesOf(api, plans),
    limits: {
      client,
      address,
      endpoints: { ...usualEndpoints, ...endpoints },
      queuedJobs,
      bodyBytes: bodyKiB * 1024,
      uploadBytes: uploadMiB * 1_048_576,
      batchJobs,
    },
    expiresAfterSeconds: parseDuration(api.expiresAfter) ?? 86_400,
    sameWithinSeconds: api.sameWithin === false ? 0 : (parseDuration(api.sameWithin) ?? 0),
    corsOrigins: api.corsOrigins,
  };
};

const typesOf = (api: CheckedApi, plans: readonly ServicePlan[]): Readonly<Record<string, JobTypePlan>> => {
  if (api.types === undefined) return Object.fromEntries(queueNames(plans).map((queue) => [queue, { queue }]));
  return Object.fromEntries(
    Object.entries(api.types).map(([name, { queue = name, payload }]) => [
      name,
      { queue, ...(payload !== undefined && { payload }) },
    ]),
  );
};

/** Job types that lead nowhere. */
export const jobTypeIssues = (api: CheckedApi, plans: readonly ServicePlan[]): readonly PlacedIssue[] => {
  const queues = queueNames(plans);
  const expected = queues.length === 0 ? 'a queue; no service has one' : `one of the queues: ${queues.join(', ')}`;
  const none =
    queues.length === 0 ? [place(['api'], 'a job API', expected, 'Give a service a queue, or remove "api".')] : [];
  const wrong = Object.entries(api.types ?? {}).flatMap(([name, { queue }]) => {
    const wanted = queue ?? name;
    if (queues.includes(wanted)) return [];
    const near = nearest(wanted, queues);
    return [
      place(
        ['api', 'types', name, ...(queue === undefined ? [] : ['queue'])],
        `the unknown queue ${JSON.stringify(wanted)}`,
        expected,
        near === undefined ? 'Name a queue of a service with "queue".' : `Did you mean "${near}"?`,
      ),
    ];
  });
  return [...none, ...(queues.length === 0 ? [] : wrong)];
};

const queueNames = (plans: readonly ServicePlan[]): readonly string[] =>
  plans.flatMap(({ queues }) => queues.map(({ name }) => name));
