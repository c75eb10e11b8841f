import type { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { functionCode } from './function-code.ts';
import { InlineRole } from './inline-role.ts';

export interface SluiceFunctionProps {
  /** Of the file: `functions/<name>.ts`. */
  readonly name: string;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeout: Duration;
  readonly memoryMiB: number;
  readonly logGroup: logs.ILogGroup;
  /**
   * What it may do beside writing its log. More can be added to the role later.
   * @default - nothing
   */
  readonly statements?: readonly iam.PolicyStatement[];
  /** @default - `functions/<name>.ts`, bundled */
  readonly code?: lambda.Code;
  /** How an asynchronous invocation is repeated. @default - Lambda's own rule */
  readonly retry?: { readonly attempts: number; readonly maxEventAge: Duration };
}

/** A function of Sluice's own: Node 24 on ARM, JSON log, and a role that may do what it is told and no more. */
export class SluiceFunction extends Construct {
  readonly handler: lambda.Function;

  constructor(scope: Construct, id: string, props: SluiceFunctionProps) {
    super(scope, id);
    this.handler = new lambda.Function(this, 'Handler', {
      description: props.description,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: props.code ?? functionCode(props.name),
      role: functionRole(this, props),
      timeout: props.timeout,
      memorySize: props.memoryMiB,
      environment: { ...props.environment, NODE_OPTIONS: '--enable-source-maps' },
      logGroup: props.logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      // A START and a REPORT line each time would cost more than our own log.
      systemLogLevelV2: lambda.SystemLogLevel.WARN,
      ...(props.retry && { retryAttempts: props.retry.attempts, maxEventAge: props.retry.maxEventAge }),
    });
  }
}

// A role of our own: the managed AWSLambdaBasicExecutionRole may write to every log group of the account.
const functionRole = (scope: Construct, { logGroup, statements = [] }: SluiceFunctionProps): iam.Role => {
  const log = new iam.PolicyStatement({
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroup.logGroupArn],
  });
  return new InlineRole(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    statements: [log, ...statements],
  });
};
