/** One thing that is wrong with a request, in the words of `InputIssue`. */
export interface ProblemIssue {
  /** A place in the request: `body.jobs[3].type`, `query.state`, `header.idempotency-key`. */
  readonly path: string;
  readonly found: string;
  readonly expected: string;
}

/** An answer that is not the one that was asked for: `application/problem+json` of RFC 9457. */
export class Problem extends Error {
  readonly status: number;
  readonly code: ProblemCode;
  readonly issues: readonly ProblemIssue[];
  readonly retryAfterSeconds?: number;
  readonly more: Readonly<Record<string, unknown>>;

  constructor(
    code: ProblemCode,
    detail: string,
    {
      issues = [],
      retryAfterSeconds,
      more = {},
    }: {
      readonly issues?: readonly ProblemIssue[];
      readonly retryAfterSeconds?: number;
      /** Further members of the document. */
      readonly more?: Readonly<Record<string, unknown>>;
    } = {},
  ) {
    super(detail);
    this.name = 'Problem';
    this.code = code;
    this.status = kinds[code].status;
    this.issues = issues;
    this.more = more;
    if (retryAfterSeconds !== undefined) this.retryAfterSeconds = wholeSeconds(retryAfterSeconds);
  }
}

/** Every problem that the API answers with; docs/job-api.md has the same table. */
export const kinds = {
  'bad-request': { status: 400, title: 'The request is not well formed' },
  unauthenticated: { status: 401, title: 'Nobody knows who is asking' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'method-not-allowed': { status: 405, title: 'This address does not do that' },
  'not-finished': { status: 409, title: 'The job has no result' },
  'too-large': { status: 413, title: 'The body is too large' },
  'wrong-type': { status: 415, title: 'The body is not JSON' },
  'bad-content': { status: 422, title: 'The content does not fit' },
  'key-reused': { status: 422, title: 'The idempotency key belongs to another request' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  'queue-full': { status: 429, title: 'Too many jobs are waiting' },
  internal: { status: 500, title: 'Something broke here' },
  unavailable: { status: 503, title: 'A service behind this one does not answer' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemCode = keyof typeof kinds;

/** The document. */
export const problemBody = (problem: Problem): Readonly<Record<string, unknown>> => ({
  type: `urn:sluice:problem:${problem.code}`,
  title: kinds[problem.code].title,
  status: problem.status,
  detail: problem.message,
  ...(problem.issues.length > 0 && { errors: problem.issues }),
  ...(problem.retryAfterSeconds !== undefined && { retryAfterSeconds: problem.retryAfterSeconds }),
  ...problem.more,
});

export const problemHeaders = (problem: Problem): Readonly<Record<string, string>> => ({
  'content-type': 'application/problem+json',
  ...(problem.retryAfterSeconds !== undefined && { 'retry-after': String(problem.retryAfterSeconds) }),
  ...(problem.status === 401 && { 'www-authenticate': 'Bearer realm="sluice"' }),
});

// RFC 9110 has whole seconds only, and 0 would be an invitation to hammer.
const wholeSeconds = (seconds: number): number => Math.min(3600, Math.max(1, Math.ceil(seconds)));
