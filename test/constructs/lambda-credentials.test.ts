import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { defaultProvider } from '../../lib/constructs/code/lambda-credentials.ts';

afterEach(() => vi.unstubAllEnvs());

describe('credentials inside Lambda', () => {
  test('sign requests, session token and all', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('AWS_SESSION_TOKEN', 'token');
    const headers: Record<string, string>[] = [];
    const sqs = new SQSClient({
      region: 'eu-central-1',
      credentials: defaultProvider(),
      maxAttempts: 1,
      requestHandler: {
        handle: async (request: { headers: Record<string, string> }) => {
          headers.push(request.headers);
          throw new Error('no network');
        },
      },
    });
    const QueueUrl = 'https://sqs.eu-central-1.amazonaws.com/123456789012/q';
    await expect(sqs.send(new GetQueueAttributesCommand({ QueueUrl }))).rejects.toThrow('no network');
    expect(headers).toMatchObject([
      { authorization: expect.stringContaining('Credential=AKIDEXAMPLE/'), 'x-amz-security-token': 'token' },
    ]);
  });

  test('say what is missing, as the SDK names it', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    await expect(defaultProvider()()).rejects.toMatchObject({ name: 'CredentialsProviderError' });
  });
});
