import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { ECSClient, Service } from '@aws-sdk/client-ecs';
import type { UnavailableSource } from '../../report/usage/usage.ts';
import type { AccountWindow, FoundOverhead } from '../source.ts';
import { unavailable } from '../unavailable.ts';
import { logOverheads } from './log-overheads.ts';
import { natOverheads } from './nat-overheads.ts';

export interface BesideClients {
  readonly ecs: ECSClient;
  readonly ec2: EC2Client;
  readonly cloudwatch: CloudWatchClient;
}

/** A service as far as what it shares with others goes by it. */
export interface SharingService {
  readonly name: string;
  readonly ecs: Service;
  /** On average over the window: shares go by task-hours. */
  readonly meanTasks: number;
}

/** What services use beside their tasks, each by its part of what it shares with others. */
export interface Beside {
  readonly byService: ReadonlyMap<string, readonly FoundOverhead[]>;
  readonly unavailable: readonly UnavailableSource[];
  readonly metrics: number;
}

export type BesideSource = (
  clients: BesideClients,
  services: readonly SharingService[],
  region: string,
  window: AccountWindow,
  abortSignal: AbortSignal,
) => Promise<Beside>;

/** Log volume and NAT gateways. Never rejects: what cannot be read is a line, and takes nothing else away. */
export const besideTasks: BesideSource = async (clients, services, region, window, abortSignal) => {
  const parts = await Promise.all(
    [
      { what: 'Log volume of the services', read: logOverheads },
      { what: 'NAT gateways of the services', read: natOverheads },
    ].map(async ({ what, read }) => {
      try {
        return await read(clients, services, region, window, abortSignal);
      } catch (error) {
        const line = { ...unavailable('services', region, error), source: `${what} in ${region}` };
        return { byService: new Map<string, readonly FoundOverhead[]>(), unavailable: [line], metrics: 0 };
      }
    }),
  );
  return {
    byService: new Map(services.map(({ name }) => [name, parts.flatMap(({ byService }) => byService.get(name) ?? [])])),
    unavailable: parts.flatMap((part) => part.unavailable),
    metrics: parts.reduce((sum, { metrics }) => sum + metrics, 0),
  };
};
