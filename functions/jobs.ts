import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { answerEvent, type HttpApiEvent } from '../lib/jobs/api/http/lambda-adapter.ts';
import { createJobApi } from '../lib/jobs/api/job-api.ts';
import { jobApiParts, logger } from './jobs-wiring.ts';

const api = createJobApi(jobApiParts);

/** The job API behind an HTTP API (payload 2.0): docs/job-api.md. */
export const handler = async (event: HttpApiEvent, context: unknown): Promise<APIGatewayProxyStructuredResultV2> => {
  logger.addContext(context as Parameters<typeof logger.addContext>[0]);
  return answerEvent(api, event);
};
