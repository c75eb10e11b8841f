import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot: string = fileURLToPath(new URL('../..', import.meta.url));

/** Of the virtual environment that .ci/deploy-lane.sh makes. */
export const python = (program: string): string => join(projectRoot, '.build', 'deploy-venv', 'bin', program);

/** moto's account. */
export const account = '123456789012';
export const region = 'us-east-1';

export const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/**
 * The whole environment of a child process. Built from nothing: with an inherited profile, token or endpoint setting
 * the lane could reach a real account.
 */
export const childEnvironment = (
  endpoint: string,
  home: string,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> => ({
  // This Node first: `cdk` starts the app with the first `node` that it finds.
  PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
  // Empty: the CLI keeps account ids and notices there.
  HOME: home,
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_EC2_METADATA_DISABLED: 'true',
  ...more,
});
