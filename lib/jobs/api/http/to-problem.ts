import { BadInput } from '../../../model/bad-input.ts';
import { Problem } from './problem.ts';

/** Whatever was thrown, as an answer. What is inside never gets out: the function's log has it. */
export const toProblem = (error: unknown): Problem => {
  if (error instanceof Problem) return error;
  if (error instanceof BadInput) {
    return new Problem('bad-request', 'What was sent does not fit.', {
      issues: error.issues.map(({ path, found, expected }) => ({ path, found, expected })),
    });
  }
  if (isPassing(error)) {
    return new Problem('unavailable', 'Nothing was lost; send the same request again.', { retryAfterSeconds: 2 });
  }
  return new Problem('internal', 'The request was not carried out, or not to its end. Sending it again does no harm.');
};

/** The SDK has given up on what may work in a moment: throttling, time-outs, a connection that broke. */
const isPassing = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const { $retryable, $fault } = error as { readonly $retryable?: unknown; readonly $fault?: unknown };
  return (
    $retryable !== undefined ||
    $fault === 'server' ||
    /Throttl|Timeout|ProvisionedThroughput|RequestLimit|ECONN|EPIPE|socket hang up/i.test(
      `${error.name} ${error.message}`,
    )
  );
};
