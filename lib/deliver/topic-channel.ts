import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { ReportChannel } from './channel.ts';

/** SNS takes 256 KiB, in UTF-8. */
const textBytesMax = 250_000;

/** The text to everybody who has subscribed to the topic. */
export const topicChannel = (sns: SNSClient, topicArn: string): ReportChannel => ({
  name: 'topic',
  send: async ({ subject, text }) => {
    const bytes = Buffer.from(text);
    const Message =
      bytes.length <= textBytesMax
        ? text
        : `${bytes.subarray(0, textBytesMax).toString()}\n(cut here; the bucket has all of it)`;
    await sns.send(new PublishCommand({ TopicArn: topicArn, Subject: subject, Message }));
  },
});
