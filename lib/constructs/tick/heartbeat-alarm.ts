import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export interface HeartbeatAlarmProps {
  readonly handler: lambda.IFunction;
  /** @default - the alarm shows in CloudWatch and tells nobody */
  readonly topic?: sns.ITopic;
}

/** Rings when nothing has ticked for three minutes. Uses the metric that Lambda publishes for free. */
export class HeartbeatAlarm extends cloudwatch.Alarm {
  constructor(scope: Construct, id: string, props: HeartbeatAlarmProps) {
    super(scope, id, {
      alarmDescription: 'Sluice has not ticked for 3 minutes: desired counts stay as they are, whatever the load.',
      metric: props.handler.metricInvocations({ period: Duration.minutes(1), statistic: 'Sum' }),
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 3,
      datapointsToAlarm: 3,
      // No invocation gives no data point, not a zero.
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    });
    if (props.topic !== undefined) {
      const action = new actions.SnsAction(props.topic);
      this.addAlarmAction(action);
      this.addOkAction(action);
    }
  }
}
