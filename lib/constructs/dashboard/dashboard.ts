import { Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { ScaledService } from '../scaled-service.ts';
import { serviceSection } from './service-section.ts';
import { sluiceSection } from './sluice-section.ts';

export interface DashboardProps {
  readonly stage: string;
  /** All must be of this stack, or be there already. */
  readonly services: readonly ScaledService[];
  /** @default - `sluice-<stage>`; with more services than fit, further pages get a number */
  readonly dashboardName?: string;
  /** The tick function, and where it logs what it changed and why. */
  readonly handler: lambda.IFunction;
  readonly logGroup: logs.ILogGroup;
}

/** CloudWatch takes 500 widgets a dashboard. */
const servicesPerDashboard = 40;

/**
 * The stage on one page of CloudWatch: metrics that AWS publishes for free, and what Sluice did and why from its log. An
 * account's first three dashboards are free, each further one is USD 3 a month (docs/operations.md).
 */
export class Dashboard extends Construct {
  readonly dashboards: readonly cloudwatch.Dashboard[];

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { stage, services } = props;
    const pages = Math.ceil(services.length / servicesPerDashboard);
    this.dashboards = Array.from({ length: pages }, (_, page) => {
      const name = props.dashboardName ?? `sluice-${stage}`;
      const dashboardName = page === 0 ? name : `${name}-page${page + 1}`;
      const dashboard = new cloudwatch.Dashboard(this, page === 0 ? 'Page' : `Page${page + 1}`, {
        dashboardName,
        periodOverride: cloudwatch.PeriodOverride.INHERIT,
      });
      const own = services.slice(page * servicesPerDashboard, (page + 1) * servicesPerDashboard);
      const { region } = Stack.of(this);
      dashboard.addWidgets(...sluiceSection({ ...props, region }).flat());
      for (const service of own)
        for (const row of serviceSection(service, props.logGroup, region)) dashboard.addWidgets(...row);
      return dashboard;
    });
  }
}
