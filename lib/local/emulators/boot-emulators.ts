import { localRegion } from '../client-environment.ts';
import { type DynamoDbEmulator, startDynamoDb } from './start-dynamodb.ts';
import { type MessagingEmulator, startMessaging } from './start-messaging.ts';

export interface Emulators {
  readonly messaging: MessagingEmulator;
  readonly dynamoDb: DynamoDbEmulator;
  /** Idempotent. */
  stop(): Promise<void>;
}

/** Starts SQS, S3, SNS and DynamoDB. Needs no template, so it may run while the app is still being synthesised. */
export const bootEmulators = async (): Promise<Emulators> => {
  const [messaging, dynamoDb] = await Promise.all([startMessaging(localRegion), startDynamoDb()]);
  let stopped: Promise<unknown> | undefined;
  return {
    messaging,
    dynamoDb,
    stop: async () => {
      stopped ??= Promise.all([messaging.stop(), dynamoDb.stop()]);
      await stopped;
    },
  };
};
