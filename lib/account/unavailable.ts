import { type ReportSource, reportRights } from '../model/report-rights.ts';
import { describeError } from '../observe/time-box.ts';
import type { UnavailableSource } from '../report/usage/usage.ts';

/** A failure as the report's line: what is missing, why, and what would mend it. */
export const unavailable = (source: ReportSource, region: string | undefined, error: unknown): UnavailableSource => {
  const { title, actions, adds } = reportRights[source];
  return {
    source: region === undefined ? title : `${title} in ${region}`,
    because: reasonOf(error),
    needs: `${mendOf(error, actions)}; it adds ${adds}`,
  };
};

const reasonOf = (error: unknown): string => describeError(error).replace(/\s+/g, ' ').slice(0, 300);

const mendOf = (error: unknown, actions: readonly string[]): string => {
  if (!(error instanceof Error)) return 'another run';
  const words = `${error.name} ${error.message}`;
  if (/AccessDenied|Unauthorized|NotAuthorized|Forbidden/i.test(words)) {
    return `the right ${missingAction(error.message, actions) ?? actions.join(', ')}`;
  }
  if (/OptIn|SubscriptionRequired/i.test(words)) return 'the service or the Region enabled for this account';
  if (/credential|ExpiredToken/i.test(words)) return 'fresh credentials';
  if (/TimedOut|Timeout|Abort/i.test(words)) return 'another run: it took too long';
  return 'another run';
};

/** AWS names the action that it denied: "… is not authorized to perform: rds:DescribeDBInstances …". */
const missingAction = (message: string, actions: readonly string[]): string | undefined => {
  const named = /perform:? ([\w-]+:\w+)/.exec(message)?.[1];
  return named ?? (actions.length === 1 ? actions[0] : undefined);
};
