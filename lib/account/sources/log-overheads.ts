import { DescribeTaskDefinitionCommand, type ECSClient } from '@aws-sdk/client-ecs';
import { meanOf } from '../../report/plan/series.ts';
import { type HourlyQuery, readHourly } from '../hourly-metrics.ts';
import type { FoundOverhead } from '../source.ts';
import type { BesideSource, SharingService } from './beside-tasks.ts';
import { bytesPerGiB } from './bytes-per-gib.ts';

/**
 * What CloudWatch Logs takes in from the log groups that the services' own task definitions name. A group that several
 * services write to is shared by task-hours. Other log drivers send elsewhere, and cost nothing here.
 */
export const logOverheads: BesideSource = async ({ ecs, cloudwatch }, services, region, window, abortSignal) => {
  const writers = await Promise.all(
    services.map(async (service) => ({ service, groups: await groupsOf(ecs, service, region, abortSignal) })),
  );
  const groups = [...new Set(writers.flatMap((writer) => writer.groups))].sort();
  const queries = groups.map(
    (LogGroupName): HourlyQuery => ({
      id: LogGroupName,
      namespace: 'AWS/Logs',
      metric: 'IncomingBytes',
      statistic: 'Sum',
      dimensions: { LogGroupName },
    }),
  );
  const hourly = await readHourly(cloudwatch, { source: 'services', region }, queries, window, abortSignal);
  const byService = new Map<string, FoundOverhead[]>(services.map(({ name }) => [name, []]));
  for (const group of groups) {
    const bytes = hourly.series.get(group);
    // A group sends a sample only when something is written to it.
    const perHour = bytes && (meanOf(bytes.map((value) => value ?? 0)) ?? 0) / bytesPerGiB;
    if (perHour === undefined || perHour === 0) continue;
    const sharing = writers.filter((writer) => writer.groups.includes(group)).map(({ service }) => service);
    for (const { name, meanTasks } of sharing) {
      const share = shareOf(meanTasks, sharing);
      const part = sharing.length === 1 ? '' : `, ${(100 * share).toFixed(0)} % by task-hours`;
      byService
        .get(name)
        ?.push({ what: `Logs of ${group}${part}`, priceKey: `logs/${region}`, perHour: perHour * share });
    }
  }
  return { byService, unavailable: hourly.unavailable, metrics: hourly.metrics };
};

const shareOf = (meanTasks: number, sharing: readonly SharingService[]): number => {
  const all = sharing.reduce((sum, service) => sum + service.meanTasks, 0);
  return all > 0 ? meanTasks / all : 1 / sharing.length;
};

const groupsOf = async (
  ecs: ECSClient,
  { ecs: { taskDefinition } }: SharingService,
  region: string,
  abortSignal: AbortSignal,
): Promise<readonly string[]> => {
  if (taskDefinition === undefined) return [];
  const { taskDefinition: found } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }), {
    abortSignal,
  });
  return (found?.containerDefinitions ?? []).flatMap(({ logConfiguration }) => {
    const { 'awslogs-group': group, 'awslogs-region': where = region } = logConfiguration?.options ?? {};
    return logConfiguration?.logDriver === 'awslogs' && group !== undefined && where === region ? [group] : [];
  });
};
