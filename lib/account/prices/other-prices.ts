import type { Usd } from '../../model/units.ts';
import { type PriceList, withoutPrefix } from './price-list.ts';

/** What one key of `PriceBook.others` costs a unit. Undefined: the list does not say. */
export const readOtherPrice = async (
  list: PriceList,
  key: string,
  abortSignal: AbortSignal,
): Promise<Usd | undefined> => {
  const [what = '', region = '', detail] = key.split('/');
  const query = queries[what]?.(detail ?? '');
  if (query === undefined) return undefined;
  const attributes = { regionCode: region, ...query.attributes };
  for await (const { usageType, onDemandUsd } of list.products(query.serviceCode, attributes, abortSignal)) {
    if (onDemandUsd !== undefined && query.usage.test(withoutPrefix(usageType))) return onDemandUsd;
  }
  return undefined;
};

interface Query {
  readonly serviceCode: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly usage: RegExp;
}

const queries: Readonly<Record<string, (detail: string) => Query>> = {
  nat: () => ({
    serviceCode: 'AmazonEC2',
    attributes: { productFamily: 'NAT Gateway' },
    usage: /^NatGateway-Hours$/,
  }),
  'nat-bytes': () => ({
    serviceCode: 'AmazonEC2',
    attributes: { productFamily: 'NAT Gateway' },
    usage: /^NatGateway-Bytes$/,
  }),
  logs: () => ({
    serviceCode: 'AmazonCloudWatch',
    attributes: { productFamily: 'Data Payload' },
    usage: /^DataProcessing-Bytes$/,
  }),
  volume: (volumeApiName) => ({
    serviceCode: 'AmazonEC2',
    attributes: { productFamily: 'Storage', volumeApiName },
    usage: /^EBS:VolumeUsage(\.[a-z0-9]+)?$/,
  }),
  sqs: () => ({ serviceCode: 'AWSQueueService', attributes: {}, usage: /^Requests(-Tier1)?$/ }),
  'sqs-fifo': () => ({ serviceCode: 'AWSQueueService', attributes: {}, usage: /^Requests-FIFO(-Tier1)?$/ }),
};
