import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/**
 * Rings when the tick of each minute has failed for three minutes: then nobody is left to raise an alert. The heartbeat
 * does not notice, as a function that fails was invoked.
 */
export class FailingTicksAlarm extends cloudwatch.Alarm {
  constructor(scope: Construct, id: string, { handler, topic }: { handler: lambda.IFunction; topic: sns.ITopic }) {
    super(scope, id, {
      alarmDescription:
        'Each tick of Sluice fails: desired counts stay as they are, whatever the load. Look at its log.',
      metric: handler.metricErrors({ period: Duration.minutes(1), statistic: 'Sum' }),
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 3,
      datapointsToAlarm: 3,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    const action = new actions.SnsAction(topic);
    this.addAlarmAction(action);
    this.addOkAction(action);
  }
}
