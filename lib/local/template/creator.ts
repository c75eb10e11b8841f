import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { ControlPlane } from '../control-plane/interface.ts';
import type { HttpApiHost } from '../http-api/http-api-host.ts';
import type { LambdaHost } from '../lambda/lambda-host.ts';
import type { JsonObject } from './template.ts';

/** A resource of a template whose values are all known. */
export interface ResolvedResource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
  readonly metadata: JsonObject;
}

/** What a template sees of a resource that exists. */
export interface CreatedResource {
  /** What `Ref` gives. */
  readonly ref: string;
  /** The name that people know it by, where `ref` is something else. Default: `ref`. */
  readonly name?: string;
  /** What `Fn::GetAtt` gives. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** What the creators work with. */
export interface CreationContext {
  readonly clients: {
    readonly sqs: SQSClient;
    readonly s3: S3Client;
    readonly sns: SNSClient;
    readonly dynamoDb: DynamoDBClient;
  };
  readonly queueUrl: (queueName: string) => string;
  readonly controlPlane: ControlPlane;
  readonly lambda: LambdaHost;
  readonly httpApis: HttpApiHost;
  /** Absolute path of a file asset. */
  readonly assetPath: (objectKey: string) => string | undefined;
  /** Records a part of the template that has no effect here. */
  readonly ignore: (what: string) => void;
}

/** Brings one type of resource into being. Throws BadInput for what the local cloud cannot honour. */
export type Creator = (
  resource: ResolvedResource,
  context: CreationContext,
) => CreatedResource | Promise<CreatedResource>;
