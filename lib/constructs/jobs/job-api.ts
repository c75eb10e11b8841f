import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { parameterPath } from '../../model/binding.ts';
import type { JobApiPlan } from '../../model/job-api-plan.ts';
import { SluiceFunction } from '../code/sluice-function.ts';
import type { ServiceQueue } from '../service-queue.ts';
import { jobApiStatements } from './job-api-permissions.ts';
import type { JobRecords } from './job-records.ts';

export interface JobApiProps {
  readonly plan: JobApiPlan;
  readonly records: JobRecords;
  /** The scaler's table: what it learnt tells when a job will start. */
  readonly stateTable: dynamodb.ITable;
  /** All queues that job types lead to. */
  readonly queues: readonly ServiceQueue[];
  /** Changes when a binding does, so that the function starts anew. */
  readonly configHash: string;
  /** @default - the stack's name */
  readonly stage?: string;
  /**
   * What all clients together may do, as a net behind their own limits: API Gateway answers 429 above it, without a
   * Retry-After.
   * @default - 1,000 requests a second, 2,000 at once
   */
  readonly throttle?: apigateway.ThrottleSettings;
  /** Of access log and function log. @default logs.RetentionDays.ONE_MONTH */
  readonly logRetention?: logs.RetentionDays;
  /** @default 1024 */
  readonly memoryMiB?: number;
  /** @default - `functions/jobs.ts`, bundled */
  readonly code?: lambda.Code;
}

/** The job API: an HTTP API in front of one function (docs/job-api.md). */
export class JobApi extends Construct {
  readonly api: apigateway.HttpApi;
  readonly handler: lambda.Function;
  readonly url: string;

  constructor(scope: Construct, id: string, props: JobApiProps) {
    super(scope, id);
    const retention = props.logRetention ?? logs.RetentionDays.ONE_MONTH;
    this.handler = this.createHandler(props, retention);
    this.api = new apigateway.HttpApi(this, 'Http', {
      description: 'Sluice: submit jobs, follow them, fetch their results',
      createDefaultStage: false,
      ...(props.plan.corsOrigins.length > 0 && { corsPreflight: corsOf(props.plan) }),
    });
    this.addRoutes(props.plan);
    const stage = new apigateway.HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: props.throttle ?? { rateLimit: 1000, burstLimit: 2000 },
      accessLogSettings: {
        destination: new apigateway.LogGroupLogDestination(logGroup(this, 'Access', retention)),
        format: accessLine,
      },
    });
    this.url = stage.url;
  }

  private createHandler(props: JobApiProps, retention: logs.RetentionDays): lambda.Function {
    const stage = props.stage ?? Stack.of(this).stackName;
    const { table, bucket } = props.records;
    const { handler } = new SluiceFunction(this, 'Function', {
      name: 'jobs',
      description: 'Sluice: the job API',
      timeout: Duration.seconds(15),
      // Signing and JSON want CPU, which comes with memory: a submission is done in a third of the time of 512.
      memoryMiB: props.memoryMiB ?? 1024,
      logGroup: logGroup(this, 'Log', retention),
      statements: jobApiStatements(Stack.of(this), { ...props, path: parameterPath(stage) }),
      code: props.code,
      environment: {
        SLUICE_STAGE: stage,
        SLUICE_TABLE: props.stateTable.tableName,
        SLUICE_JOBS_TABLE: table.tableName,
        SLUICE_JOBS_BUCKET: bucket.bucketName,
        SLUICE_PARAMETER_PATH: parameterPath(stage),
        SLUICE_JOBS_API: JSON.stringify(props.plan),
        SLUICE_CONFIG_HASH: props.configHash,
        POWERTOOLS_SERVICE_NAME: 'sluice-jobs',
      },
    });
    return handler;
  }

  /** Health and the API's description are for everybody; all else is for whom the authorizer or the function knows. */
  private addRoutes({ auth, corsOrigins }: JobApiPlan): void {
    const integration = new HttpLambdaIntegration('Jobs', this.handler, { scopePermissionToRoute: false });
    for (const path of ['/health', '/openapi.json']) {
      this.api.addRoutes({ path, methods: [apigateway.HttpMethod.GET], integration });
    }
    const { ANY, GET, POST } = apigateway.HttpMethod;
    this.api.addRoutes({
      path: '/{proxy+}',
      // The gateway answers a page's OPTIONS itself, unless a route takes it, which would want a signature.
      methods: corsOrigins.length > 0 ? [GET, POST] : [ANY],
      integration,
      ...(auth === 'iam' && { authorizer: new HttpIamAuthorizer() }),
    });
  }

  /** With `"auth": "iam"`: who may call it. Callers of another account need a role of this one. */
  grantInvoke(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['execute-api:Invoke'],
      resourceArns: [this.api.arnForExecuteApi('*', '/*', '$default')],
    });
  }
}

const corsOf = ({ corsOrigins }: JobApiPlan): apigateway.CorsPreflightOptions => ({
  allowOrigins: [...corsOrigins],
  allowMethods: [apigateway.CorsHttpMethod.GET, apigateway.CorsHttpMethod.POST],
  allowHeaders: ['authorization', 'content-type', 'idempotency-key', 'x-api-key', 'x-amz-date', 'x-amz-security-token'],
  exposeHeaders: ['location', 'retry-after'],
  maxAge: Duration.hours(1),
});

const logGroup = (scope: Construct, id: string, retention: logs.RetentionDays): logs.LogGroup =>
  new logs.LogGroup(scope, id, { retention, removalPolicy: RemovalPolicy.DESTROY });

/** Who, what, how it ended and how long it took; no query, no body, no key. */
const accessLine = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    at: '$context.requestTime',
    address: '$context.identity.sourceIp',
    caller: '$context.identity.userArn',
    route: '$context.routeKey',
    method: '$context.httpMethod',
    path: '$context.path',
    status: '$context.status',
    bytes: '$context.responseLength',
    latencyMs: '$context.responseLatency',
    integrationError: '$context.integrationErrorMessage',
  }),
);
