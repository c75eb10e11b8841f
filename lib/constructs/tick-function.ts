import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { functionCode } from './function-code.ts';

export interface TickFunctionProps {
  readonly environment: Readonly<Record<string, string>>;
  readonly timeout: Duration;
  /**
   * CPU comes with memory. A tick is mostly waiting, but signs up to a hundred requests.
   * @default 512
   */
  readonly memoryMiB?: number;
  /** @default - `functions/tick.ts`, bundled */
  readonly code?: lambda.Code;
  /** @default logs.RetentionDays.ONE_MONTH */
  readonly logRetention?: logs.RetentionDays;
}

/** The function that decides. Its role starts with nothing but its own log; the Scaler adds what it touches. */
export class TickFunction extends Construct {
  readonly handler: lambda.Function;

  constructor(scope: Construct, id: string, props: TickFunctionProps) {
    super(scope, id);
    const logGroup = new logs.LogGroup(this, 'Log', {
      retention: props.logRetention ?? logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // A role of our own: the managed AWSLambdaBasicExecutionRole may write to every log group of the account.
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    this.handler = new lambda.Function(this, 'Handler', {
      description: 'Sluice: observes, decides and scales, tick by tick',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: props.code ?? functionCode('tick'),
      role,
      timeout: props.timeout,
      memorySize: props.memoryMiB ?? 512,
      environment: { ...props.environment, NODE_OPTIONS: '--enable-source-maps' },
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      // A START and a REPORT line each tick would cost more than our own log.
      systemLogLevelV2: lambda.SystemLogLevel.WARN,
      // A second try would come minutes late; the next tick heals.
      retryAttempts: 0,
      maxEventAge: Duration.seconds(60),
    });
  }
}
