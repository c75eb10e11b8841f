import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { localAccount, localRegion } from './client-environment.ts';
import type { AlarmView } from './control-plane/interface.ts';

/** Sends an alarm's change to its topics. Actions that are not topics (Auto Scaling, Lambda) do not exist here. */
export const publishAlarm = (sns: SNSClient, alarm: AlarmView, actionArns: readonly string[]): void => {
  for (const arn of actionArns.filter((action) => action.startsWith('arn:aws:sns:'))) {
    const message = {
      AlarmName: alarm.name,
      AlarmArn: alarm.arn,
      AWSAccountId: localAccount,
      Region: localRegion,
      NewStateValue: alarm.state,
      NewStateReason: alarm.reason,
      StateChangeTime: new Date(alarm.changedAt * 1000).toISOString(),
    };
    const Subject = `${alarm.state}: "${alarm.name}" in the local cloud`.slice(0, 100);
    // The topic may be gone when the cloud is stopping; nobody waits for this message.
    sns.send(new PublishCommand({ TopicArn: arn, Subject, Message: JSON.stringify(message) })).catch(() => undefined);
  }
};
