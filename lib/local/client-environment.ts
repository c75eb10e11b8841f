/** The one account and region of the local cloud. fauxqs knows no other account. */
export const localAccount = '000000000000';
export const localRegion = 'us-east-1';

/**
 * What an AWS client needs to reach the local cloud and nothing else. Built from nothing: an inherited AWS_PROFILE or
 * AWS_IGNORE_CONFIGURED_ENDPOINT_URLS would send the calls to the real AWS.
 * The general endpoint is our own control plane, so that a service nobody emulates is refused at home.
 */
export const clientEnvironment = (endpoints: {
  readonly messaging: string;
  readonly dynamoDb: string;
  readonly controlPlane: string;
}): Readonly<Record<string, string>> => ({
  AWS_REGION: localRegion,
  AWS_DEFAULT_REGION: localRegion,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ENDPOINT_URL: endpoints.controlPlane,
  AWS_ENDPOINT_URL_SQS: endpoints.messaging,
  AWS_ENDPOINT_URL_S3: endpoints.messaging,
  AWS_ENDPOINT_URL_SNS: endpoints.messaging,
  AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamoDb,
});

/** What any child process needs of the host: where programs are, and on Windows where the system is. */
export const hostEnvironment = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['PATH', 'Path', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR'].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
