import { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { SluiceFunction } from '../code/sluice-function.ts';

export interface TickFunctionProps {
  readonly environment: Readonly<Record<string, string>>;
  readonly timeout: Duration;
  readonly logGroup: logs.ILogGroup;
  /**
   * CPU comes with memory. A tick is mostly waiting, but signs up to a hundred requests.
   * @default 512
   */
  readonly memoryMiB?: number;
  /** @default - `functions/tick.ts`, bundled */
  readonly code?: lambda.Code;
}

/** The function that decides. Its role starts with nothing but its own log; the Scaler adds what it touches. */
export class TickFunction extends SluiceFunction {
  constructor(scope: Construct, id: string, { memoryMiB = 512, ...props }: TickFunctionProps) {
    super(scope, id, {
      ...props,
      name: 'tick',
      description: 'Sluice: observes, decides and scales, tick by tick',
      memoryMiB,
      // A second try would come minutes late; the next tick heals.
      retry: { attempts: 0, maxEventAge: Duration.seconds(60) },
    });
  }
}
