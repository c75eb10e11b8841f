import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { DashboardProps } from './dashboard.ts';
import { alertsIn } from './log-widgets.ts';

/** What the page is, whether Sluice itself is at work, and what it warns of. */
export const sluiceSection = ({
  stage,
  services,
  handler,
  logGroup,
  region,
}: DashboardProps & { readonly region: string }): readonly (readonly cloudwatch.IWidget[])[] => [
  [
    new cloudwatch.TextWidget({
      markdown: [
        `# Sluice, stage ${stage}`,
        `${services.length === 1 ? 'One service' : `${services.length} services`}, each in a section of its own. Metrics of AWS are a minute or two late; \`sluice status --stage ${stage}\` is live.`,
        'Tables are read from the log of the tick function. It writes a line when it changes something, when it begins or ceases to warn of something, and each five minutes while it warns.',
      ].join('\n'),
      width: 24,
      height: 3,
    }),
  ],
  [
    alertsIn(logGroup, region),
    new cloudwatch.GraphWidget({
      title: 'Sluice at work: looks, and looks that failed',
      left: [
        handler.metricInvocations({ period: Duration.minutes(5), statistic: 'Sum', label: 'looks' }),
        handler.metricErrors({ period: Duration.minutes(5), statistic: 'Sum', label: 'failed' }),
      ],
      leftYAxis: { min: 0, label: 'in 5 minutes', showUnits: false },
      width: 6,
      height: 6,
    }),
  ],
];
