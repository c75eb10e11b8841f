import {
  type EC2Client,
  paginateDescribeNetworkInterfaces,
  paginateDescribeRouteTables,
  paginateDescribeSubnets,
  type RouteTable,
} from '@aws-sdk/client-ec2';
import { meanOf } from '../../report/plan/series.ts';
import type { UnavailableSource } from '../../report/usage/usage.ts';
import { readHourly } from '../hourly-metrics.ts';
import type { FoundOverhead } from '../source.ts';
import { unavailable } from '../unavailable.ts';
import type { BesideSource, SharingService } from './beside-tasks.ts';
import { bytesPerGiB } from './bytes-per-gib.ts';
import { natByteQueries, natBytes } from './nat-bytes.ts';

/**
 * The NAT gateways that the services' subnets go out by: hours and bytes. Nobody counts whose bytes they are, so a gateway
 * is shared by what stands behind it: a service has the part that its tasks are of all network interfaces there, or of
 * all tasks when these are more. What else stands behind it pays its part too, in no service's jobs.
 */
export const natOverheads: BesideSource = async ({ ec2, cloudwatch }, services, region, window, abortSignal) => {
  const ways = await waysOut(ec2, services, abortSignal);
  const gateways = [...new Set(ways.gatewayBySubnet.values())].sort();
  const [hourly, behind] = await Promise.all([
    readHourly(cloudwatch, { source: 'services', region }, natByteQueries(gateways), window, abortSignal),
    interfacesBehind(ec2, ways, region, abortSignal),
  ]);
  const byService = new Map<string, FoundOverhead[]>(services.map(({ name }) => [name, []]));
  for (const gateway of gateways) {
    const tasksOf = (service: SharingService): number => tasksBehind(service, gateway, ways.gatewayBySubnet);
    const all = services.reduce((sum, service) => sum + tasksOf(service), 0);
    const bytes = natBytes(hourly, gateway);
    const gibPerHour = (meanOf(bytes) ?? 0) / bytesPerGiB;
    for (const service of services) {
      const share = all === 0 ? 0 : tasksOf(service) / Math.max(all, behind.count.get(gateway) ?? 0);
      if (share === 0) continue;
      const what = `${gateway}, ${percent(share)} of it by what stands behind it`;
      byService.get(service.name)?.push(
        { what: `Hours of ${what}`, resource: gateway, priceKey: `nat/${region}`, perHour: share },
        {
          what: `Traffic of ${what}`,
          resource: gateway,
          priceKey: `nat-bytes/${region}`,
          perHour: share * gibPerHour,
        },
      );
    }
  }
  return {
    byService,
    unavailable: [...hourly.unavailable, ...behind.unavailable],
    metrics: hourly.metrics,
  };
};

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;

interface WaysOut {
  /** Subnets of the services' networks that go out by a gateway. */
  readonly gatewayBySubnet: ReadonlyMap<string, string>;
}

/** Of the networks that the services are in, every subnet: others stand behind the same gateway. */
const waysOut = async (
  ec2: EC2Client,
  services: readonly SharingService[],
  abortSignal: AbortSignal,
): Promise<WaysOut> => {
  const gatewayBySubnet = new Map<string, string>();
  const own = [...new Set(services.flatMap(subnetsOf))];
  if (own.length === 0) return { gatewayBySubnet };
  const networks = new Set<string>();
  for await (const { Subnets = [] } of paginateDescribeSubnets({ client: ec2 }, { SubnetIds: own }, { abortSignal })) {
    for (const { VpcId } of Subnets) if (VpcId !== undefined) networks.add(VpcId);
  }
  const inNetworks = [{ Name: 'vpc-id', Values: [...networks] }];
  const tables: RouteTable[] = [];
  const pages = paginateDescribeRouteTables({ client: ec2 }, { Filters: inNetworks }, { abortSignal });
  for await (const { RouteTables = [] } of pages) tables.push(...RouteTables);
  const all = paginateDescribeSubnets({ client: ec2 }, { Filters: inNetworks }, { abortSignal });
  for await (const { Subnets = [] } of all) {
    for (const { SubnetId = '', VpcId } of Subnets) {
      const gateway = gatewayOf(tables, SubnetId, VpcId);
      if (gateway !== undefined) gatewayBySubnet.set(SubnetId, gateway);
    }
  }
  return { gatewayBySubnet };
};

/** A subnet without a table of its own goes by its network's main one. */
const gatewayOf = (tables: readonly RouteTable[], subnet: string, network: string | undefined): string | undefined => {
  const own = tables.find(({ Associations = [] }) => Associations.some(({ SubnetId }) => SubnetId === subnet));
  const main = tables.find(
    ({ VpcId, Associations = [] }) => VpcId === network && Associations.some(({ Main }) => Main === true),
  );
  return (own ?? main)?.Routes?.find(
    ({ DestinationCidrBlock, NatGatewayId }) => DestinationCidrBlock === '0.0.0.0/0' && NatGatewayId !== undefined,
  )?.NatGatewayId;
};

const subnetsOf = ({ ecs }: SharingService): readonly string[] =>
  ecs.networkConfiguration?.awsvpcConfiguration?.subnets ?? [];

/** ECS spreads tasks over the subnets of the service. */
const tasksBehind = (service: SharingService, gateway: string, ways: WaysOut['gatewayBySubnet']): number => {
  const subnets = subnetsOf(service);
  const there = subnets.filter((subnet) => ways.get(subnet) === gateway).length;
  return there === 0 ? 0 : (service.meanTasks * there) / subnets.length;
};

interface Behind {
  /** Interfaces in use, by gateway. */
  readonly count: ReadonlyMap<string, number>;
  readonly unavailable: readonly UnavailableSource[];
}

/** Without them the services alone share the gateway, and the report says so. */
const interfacesBehind = async (
  ec2: EC2Client,
  { gatewayBySubnet }: WaysOut,
  region: string,
  abortSignal: AbortSignal,
): Promise<Behind> => {
  const count = new Map<string, number>();
  if (gatewayBySubnet.size === 0) return { count, unavailable: [] };
  try {
    const pages = paginateDescribeNetworkInterfaces(
      { client: ec2 },
      {
        Filters: [
          { Name: 'subnet-id', Values: [...gatewayBySubnet.keys()] },
          { Name: 'status', Values: ['in-use'] },
        ],
      },
      { abortSignal },
    );
    for await (const { NetworkInterfaces = [] } of pages) {
      for (const { SubnetId = '', InterfaceType } of NetworkInterfaces) {
        const gateway = gatewayBySubnet.get(SubnetId);
        // Endpoints and load balancers send nothing out of their own.
        if (gateway !== undefined && InterfaceType !== undefined && senders.has(InterfaceType)) {
          count.set(gateway, (count.get(gateway) ?? 0) + 1);
        }
      }
    }
    return { count, unavailable: [] };
  } catch (error) {
    const line = unavailable('services', region, error);
    const source = `Who else stands behind the NAT gateways in ${region}: the services share them alone`;
    return { count: new Map(), unavailable: [{ ...line, source }] };
  }
};

const senders: ReadonlySet<string> = new Set(['interface', 'lambda', 'efa', 'trunk', 'branch']);
