import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { type ReportOutcome, runReport } from '../lib/deliver/run-report.ts';
import { logger, reportRun } from './report-wiring.ts';

/** From Scheduler, or by hand: `{}` for now, or another time to tell the week before it. */
interface ReportEvent {
  /** ISO 8601. */
  readonly scheduledAt?: string;
}

/** The weekly report (docs/report.md). Fails when somebody did not get it: it is tried again, and only they get it then. */
const handle = async ({ scheduledAt }: ReportEvent): Promise<ReportOutcome> => {
  const now = Date.now() / 1000;
  const at = scheduledAt === undefined ? now : Date.parse(scheduledAt) / 1000;
  if (Number.isNaN(at))
    throw new Error(`scheduledAt: found "${scheduledAt}", expected a time like 2026-11-23T06:00:00Z`);
  const outcome = await runReport(reportRun, at, now);
  logger.info('report', { ...outcome });
  if (outcome.failed.length > 0) {
    throw new Error(outcome.failed.map(({ channel, because }) => `${channel}: ${because}`).join('; '));
  }
  return outcome;
};

export const handler = middy(async (event: ReportEvent | undefined, _context: unknown) => handle(event ?? {})).use(
  injectLambdaContext(logger),
);
