import { setTimeout as sleep } from 'node:timers/promises';
import type { AcceptedJob, JobPageView, JobResult, JobView } from '../api/contract/schemas.ts';

export type { AcceptedJob, JobPageView, JobResult, JobView };

export interface JobClientOptions {
  /** Where the API is, with or without a slash at its end. */
  readonly url: string;
  /** For APIs with `"auth": "key"`. */
  readonly apiKey?: string;
  /** Further headers of a request, and what replaces `fetch` where requests are signed (`"auth": "iam"`). */
  readonly headers?: Readonly<Record<string, string>>;
  readonly fetch?: typeof fetch;
  /** Tries after an answer of 429, 502, 503 or 504, or none. Default 5. */
  readonly retries?: number;
  /** The longest that one try is waited for. Default 60 s. */
  readonly retryAfterMostSeconds?: number;
}

export interface SubmitOptions {
  /** The same key is the same job. Default: a new one for each call, so that its retries never make a second job. */
  readonly idempotencyKey?: string;
  readonly expiresInSeconds?: number;
  /** FIFO queues only. */
  readonly groupId?: string;
  /** With `true`, an equal job of a moment ago is taken instead of a new one; there is no idempotency key then. */
  readonly collapse?: boolean;
  readonly signal?: AbortSignal;
}

export interface WaitOptions {
  /** Between two looks; doubles up to ten times as much. Default 1. */
  readonly everySeconds?: number;
  readonly signal?: AbortSignal;
}

/** What the API answered instead of what was asked for: `application/problem+json`. */
export class JobApiError extends Error {
  readonly status: number;
  /** `queue-full`, `not-found`, …: docs/job-api.md has the list. */
  readonly code: string;
  readonly errors: readonly { readonly path: string; readonly found: string; readonly expected: string }[];
  readonly retryAfterSeconds?: number;

  constructor(status: number, problem: Problem, retryAfterSeconds: number | undefined) {
    const errors = problem.errors ?? [];
    const places = errors
      .map(({ path, found, expected }) => ` ${path}: found ${found}; expected ${expected}.`)
      .join('');
    super(`${problem.detail ?? problem.message ?? `HTTP ${status}`}${places}`);
    this.name = 'JobApiError';
    this.status = status;
    this.code = problem.type?.replace('urn:sluice:problem:', '') ?? 'unknown';
    this.errors = errors;
    if (retryAfterSeconds !== undefined) this.retryAfterSeconds = retryAfterSeconds;
  }
}

interface Problem {
  readonly type?: string;
  readonly detail?: string;
  /** Of API Gateway itself. */
  readonly message?: string;
  readonly errors?: JobApiError['errors'];
}

/** A client of the job API (docs/job-api.md). Needs `fetch` and nothing else. */
export class JobClient {
  readonly #options: JobClientOptions;
  readonly #url: string;

  constructor(options: JobClientOptions) {
    this.#options = options;
    this.#url = options.url.replace(/\/$/, '');
  }

  /** Throws `JobApiError`. */
  submit(type: string, payload: unknown, options: SubmitOptions = {}): Promise<AcceptedJob> {
    const { idempotencyKey, signal, collapse, ...rest } = options;
    const key = collapse === true ? undefined : (idempotencyKey ?? crypto.randomUUID());
    return this.#send('POST', '/jobs', {
      body: { type, payload, ...rest },
      headers: key === undefined ? {} : { 'idempotency-key': key },
      signal,
    });
  }

  status(jobId: string, signal?: AbortSignal): Promise<JobView> {
    return this.#send('GET', path(jobId), { signal });
  }

  /** Rejects with the code `not-finished` until the job is done. A large result is a URL to download it from. */
  result(jobId: string, signal?: AbortSignal): Promise<JobResult> {
    return this.#send('GET', `${path(jobId)}/result`, { signal });
  }

  cancel(jobId: string, signal?: AbortSignal): Promise<JobView> {
    return this.#send('POST', `${path(jobId)}/cancel`, { signal });
  }

  list(
    state: JobView['state'],
    { signal, ...query }: { readonly limit?: number; readonly cursor?: string; readonly signal?: AbortSignal } = {},
  ): Promise<JobPageView> {
    const parameters = new URLSearchParams({ state });
    for (const [name, value] of Object.entries(query)) parameters.set(name, String(value));
    return this.#send('GET', `/jobs?${parameters}`, { signal });
  }

  /** Resolves with the job in its final state, whichever that is. */
  async waitFor(jobId: string, { everySeconds = 1, signal }: WaitOptions = {}): Promise<JobView> {
    for (let wait = everySeconds; ; wait = Math.min(wait * 1.5, everySeconds * 10)) {
      const job = await this.status(jobId, signal);
      if (job.state !== 'queued' && job.state !== 'running') return job;
      await sleep(wait * 1000, undefined, signal && { signal });
    }
  }

  async #send<T>(method: string, pathAndQuery: string, request: Outgoing): Promise<T> {
    const { retries = 5, retryAfterMostSeconds = 60 } = this.#options;
    for (let attempt = 0; ; attempt++) {
      const response = await this.#try(method, pathAndQuery, request).catch((error: unknown) => {
        // A request that got no answer may be repeated: keys and states see to it that nothing happens twice.
        if (attempt >= retries || request.signal?.aborted === true) throw error;
        return undefined;
      });
      if (response?.ok) return (await response.json()) as T;
      const named = Number(response?.headers.get('retry-after') ?? Number.NaN);
      const seconds = Number.isFinite(named) ? named : Math.random() * 2 ** attempt;
      const worthIt = response === undefined || [429, 502, 503, 504].includes(response.status);
      if (response !== undefined && (!worthIt || attempt >= retries || seconds > retryAfterMostSeconds)) {
        throw await errorOf(response, Number.isFinite(named) ? named : undefined);
      }
      // All who were refused together would come back together.
      await sleep((seconds + Math.random() * 0.2) * 1000, undefined, request.signal && { signal: request.signal });
    }
  }

  #try(method: string, pathAndQuery: string, { body, headers, signal }: Outgoing): Promise<Response> {
    const { apiKey, headers: always, fetch: send = fetch } = this.#options;
    return send(`${this.#url}${pathAndQuery}`, {
      method,
      headers: {
        ...always,
        ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal !== undefined && { signal }),
    });
  }
}

interface Outgoing {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

const path = (jobId: string): string => `/jobs/${encodeURIComponent(jobId)}`;

const errorOf = async (response: Response, retryAfterSeconds: number | undefined): Promise<JobApiError> => {
  const problem = (await response.json().catch(() => ({}))) as Problem;
  return new JobApiError(response.status, problem, retryAfterSeconds);
};
