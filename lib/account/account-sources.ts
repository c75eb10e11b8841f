import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CostExplorerClient } from '@aws-sdk/client-cost-explorer';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { PricingClient } from '@aws-sdk/client-pricing';
import { RDSClient } from '@aws-sdk/client-rds';
import { SavingsplansClient } from '@aws-sdk/client-savingsplans';
import { SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { parameterPath } from '../model/binding.ts';
import type { EpochSeconds } from '../model/units.ts';
import { readBindings } from '../observe/bindings.ts';
import type { DocumentCache } from './document-cache.ts';
import { awsPlanRates } from './prices/plan-rates.ts';
import { awsPriceList } from './prices/price-list.ts';
import type { PriceSources } from './prices/read-prices.ts';
import type { AccountSource } from './source.ts';
import { billSource } from './sources/bill.ts';
import { ec2Source } from './sources/ec2.ts';
import { elastiCacheSource } from './sources/elasticache.ts';
import { orphansSource } from './sources/orphans.ts';
import { rdsSource } from './sources/rds.ts';
import { reservationsSource } from './sources/reservations.ts';
import { savingsPlansSource } from './sources/savings-plans.ts';
import { type StageHere, servicesSource } from './sources/services.ts';
import type { TagRules } from './tags.ts';

export interface AccountScope {
  /** At least one; the first is where account-wide questions start from. */
  readonly regions: readonly string[];
  /** Absent: services of no stage are read. */
  readonly stage?: string;
  readonly rules: TagRules;
  readonly cache: DocumentCache;
  readonly now: EpochSeconds;
}

/**
 * Without `info`: the SDK's own silent logger has one, and for it every answer is copied whole to leave secrets out of the
 * log that nobody writes. Of nine weeks of fifty services that was a sixth of all work.
 */
const say = (): void => {};
const noLogger = { trace: say, debug: say, warn: say, error: say } as unknown as NonNullable<
  DynamoDBClientConfig['logger']
>;

/** Describe calls are throttled by account and Region: the SDK backs off and tries again. */
const retries = { maxAttempts: 8, retryMode: 'standard', logger: noLogger } as const;
/** Services of the whole account that answer in one Region only. */
const globalRegion = 'us-east-1';

/** Everything that the report asks a live account, with credentials and endpoints as the AWS SDK finds them. */
export const accountSources = ({ regions, stage, rules, cache, now }: AccountScope): readonly AccountSource[] => {
  const sts = new STSClient({ ...retries, region: regions[0] ?? globalRegion });
  const accountId = async (abortSignal: AbortSignal): Promise<string> =>
    (await sts.send(new GetCallerIdentityCommand({}), { abortSignal })).Account ?? '';
  return [
    ...regions.flatMap((region) => regionSources(region, stage, rules)),
    savingsPlansSource(new SavingsplansClient({ ...retries, region: globalRegion })),
    billSource(new CostExplorerClient({ ...retries, region: globalRegion }), accountId, regions, cache, now),
  ];
};

/** The price APIs of AWS. */
export const priceSources = (): PriceSources => ({
  list: awsPriceList(new PricingClient({ ...retries, region: globalRegion })),
  rates: awsPlanRates(new SavingsplansClient({ ...retries, region: globalRegion })),
});

const regionSources = (region: string, stage: string | undefined, rules: TagRules): readonly AccountSource[] => {
  const settings = { ...retries, region };
  const cloudwatch = new CloudWatchClient(settings);
  const ec2 = new EC2Client(settings);
  const rds = new RDSClient(settings);
  const elasticache = new ElastiCacheClient(settings);
  const own = { dynamo: new DynamoDBClient(settings), ecs: new ECSClient(settings), ec2, cloudwatch };
  return [
    ...(stage === undefined
      ? []
      : [servicesSource(own, () => stageHere(new SSMClient(settings), stage), region, rules)]),
    ec2Source({ ec2, cloudwatch }, region, rules),
    rdsSource({ rds, ec2, cloudwatch }, region, rules),
    elastiCacheSource({ elasticache, cloudwatch }, region, rules),
    orphansSource({ ec2, cloudwatch }, region, rules),
    reservationsSource({ ec2, rds, elasticache }, region),
  ];
};

const stageHere = async (ssm: SSMClient, stage: string): Promise<StageHere | undefined> => {
  const { bindings } = await readBindings(ssm, parameterPath(stage));
  const table = bindings.find((binding) => binding.table !== undefined)?.table;
  if (bindings.length === 0) return undefined;
  if (table === undefined) throw new Error(`stage ${stage} does not say which table it uses: deploy it again`);
  return { bindings, table };
};
