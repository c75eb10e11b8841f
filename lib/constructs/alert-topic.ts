import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export interface AlertTopicProps {
  /** @default - one is made */
  readonly topicArn?: string;
  /** Each gets a mail from SNS that asks for consent. @default - nobody */
  readonly email?: readonly string[];
}

/** The SNS topic through which people are told of alerts, and of a Sluice that stands still. */
export class AlertTopic extends Construct {
  readonly topic: sns.ITopic;

  constructor(scope: Construct, id: string, { topicArn, email = [] }: AlertTopicProps = {}) {
    super(scope, id);
    this.topic = topicArn === undefined ? this.ownTopic() : sns.Topic.fromTopicArn(this, 'Topic', topicArn);
    for (const address of email) this.topic.addSubscription(new subscriptions.EmailSubscription(address));
  }

  private ownTopic(): sns.Topic {
    const topic = new sns.Topic(this, 'Topic', { displayName: 'Sluice alerts', enforceSSL: true });
    // A policy of one's own takes the place of the usual one, which lets alarms of the account publish.
    topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    return topic;
  }
}
