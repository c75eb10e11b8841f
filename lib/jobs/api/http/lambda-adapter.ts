import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Origin } from '../auth/caller.ts';
import type { JobApi } from '../job-api.ts';

/** An event of an HTTP API (payload 2.0), with what its IAM authorizer found. */
export type HttpApiEvent = APIGatewayProxyEventV2 & {
  readonly requestContext: APIGatewayProxyEventV2['requestContext'] & {
    readonly authorizer?: { readonly iam?: { readonly userArn?: string } };
  };
};

/** Event in, answer out. The caller is whom the gateway names, never what a header says. */
export const answerEvent = async (api: JobApi, event: HttpApiEvent): Promise<APIGatewayProxyStructuredResultV2> => {
  const response = await api(toRequest(event), originOf(event));
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
    isBase64Encoded: false,
  };
};

const originOf = ({ requestContext }: HttpApiEvent): Origin => {
  const userArn = requestContext.authorizer?.iam?.userArn;
  return { address: requestContext.http.sourceIp, ...(userArn !== undefined && { userArn }) };
};

const toRequest = (event: HttpApiEvent): Request => {
  const { method } = event.requestContext.http;
  const headers = new Headers();
  for (const [name, value] of Object.entries(event.headers)) {
    // A header that HTTP does not allow cannot have come by HTTP.
    if (value !== undefined) headers.set(name, value);
  }
  // The stage is part of the path unless it is the default one.
  const { stage } = event.requestContext;
  const path =
    stage !== '$default' && event.rawPath.startsWith(`/${stage}/`)
      ? event.rawPath.slice(stage.length + 1)
      : event.rawPath;
  const url = new URL(`https://api.invalid${path.startsWith('/') ? path : `/${path}`}`);
  url.search = event.rawQueryString;
  const hasBody = event.body !== undefined && method !== 'GET' && method !== 'HEAD';
  return new Request(url, {
    method,
    headers,
    ...(hasBody && { body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8') }),
  });
};
