import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as logs from 'aws-cdk-lib/aws-logs';

/** The lines that the tick function writes of changes and alerts. */
const decisions = "filter message = 'decision'";
const decisionsOf = (service: string): string => `${decisions} and decision.service = '${service}'`;

/** What was asked for. Ticks that change nothing are not in the log, so the line has gaps while nothing changes. */
export const desiredOf = (service: string, logGroup: logs.ILogGroup, region: string): cloudwatch.IWidget =>
  query('Tasks that Sluice asked for', logGroup, region, {
    view: cloudwatch.LogQueryVisualizationType.LINE,
    queryLines: [decisionsOf(service), 'stats max(decision.desired) as desired by bin(1m)'],
    width: 6,
    height: 6,
  });

/** Scaling events with their reasons: the last sentence of each decision names the forecast or the rule that decided. */
export const changesOf = (service: string, logGroup: logs.ILogGroup, region: string): cloudwatch.IWidget =>
  query(`What Sluice changed on ${service}, and why`, logGroup, region, {
    view: cloudwatch.LogQueryVisualizationType.TABLE,
    queryLines: [
      'fields @timestamp, decision.from as tasksBefore, decision.desired as tasksAfter, decision.summary as why',
      `${decisionsOf(service)} and decision.kind = 'scale'`,
      'sort @timestamp desc',
      'limit 20',
    ],
    width: 24,
    height: 6,
  });

export const alertsIn = (logGroup: logs.ILogGroup, region: string): cloudwatch.IWidget =>
  query('Alerts, the newest first', logGroup, region, {
    view: cloudwatch.LogQueryVisualizationType.TABLE,
    queryLines: [
      'fields @timestamp, decision.service as service, decision.alerts.0.severity as severity, decision.alerts.0.text as alert, decision.alerts.1.text as another',
      `${decisions} and ispresent(decision.alerts.0.code)`,
      'sort @timestamp desc',
      'dedup service, decision.alerts.0.code',
      'limit 20',
    ],
    width: 18,
    height: 6,
  });

const query = (
  title: string,
  logGroup: logs.ILogGroup,
  region: string,
  props: Omit<cloudwatch.LogQueryWidgetProps, 'logGroupNames' | 'title' | 'region'>,
): cloudwatch.IWidget =>
  new cloudwatch.LogQueryWidget({ title, region, logGroupNames: [logGroup.logGroupName], ...props });
