export interface LocalAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string | Buffer;
}

interface FunctionAnswer {
  readonly statusCode?: unknown;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
  readonly cookies?: string[];
  readonly body?: unknown;
  readonly isBase64Encoded?: boolean;
}

/** What a function returned, as API Gateway reads it: without a `statusCode` the whole of it is a JSON body. */
export const toAnswer = (payload: string): LocalAnswer => {
  const parsed: unknown = JSON.parse(payload);
  const answer: FunctionAnswer = typeof parsed === 'object' && parsed !== null ? parsed : {};
  if (answer.statusCode === undefined) {
    return { status: 200, headers: { 'content-type': 'application/json' }, body: payload };
  }
  const headers = Object.entries(answer.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
  const body = answer.body === undefined ? '' : String(answer.body);
  return {
    status: Number(answer.statusCode),
    headers: {
      ...Object.fromEntries(headers),
      ...(answer.cookies !== undefined && { 'set-cookie': answer.cookies }),
    },
    body: answer.isBase64Encoded === true ? Buffer.from(body, 'base64') : body,
  };
};
