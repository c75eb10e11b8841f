import type * as z from 'zod';
import type { Caller } from '../auth/caller.ts';
import type { batchAnswerSchema, SubmitJobs } from '../contract/schemas.ts';
import { problemBody } from '../http/problem.ts';
import { toProblem } from '../http/to-problem.ts';
import type { JobApiParts } from '../parts.ts';
import type { PayloadChecks } from './payload-checks.ts';
import { submit } from './submit.ts';

type BatchAnswer = z.output<typeof batchAnswerSchema>;

/** So many jobs of a batch are taken in at a time. */
const width = 8;

/** Each job by itself: one that does not fit keeps no other one out. The answers are in the order of the jobs. */
export const submitBatch = async (
  parts: JobApiParts,
  checks: PayloadChecks,
  caller: Caller,
  jobs: SubmitJobs['jobs'],
): Promise<BatchAnswer> => {
  const answers: BatchAnswer['jobs'] = [];
  const waiting = [...jobs.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, { idempotencyKey, ...job }] = next;
      const submission = {
        caller,
        job,
        root: `body.jobs[${index}]`,
        ...(idempotencyKey !== undefined && { idempotencyKey }),
      };
      answers[index] = await submit(parts, checks, submission).catch((error: unknown) => {
        const problem = toProblem(error);
        if (problem.status >= 500) parts.onError(error);
        return problemBody(problem) as BatchAnswer['jobs'][number];
      });
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  const accepted = answers.filter((answer) => 'outcome' in answer).length;
  return { jobs: answers, accepted, refused: answers.length - accepted };
};
