import type { TaskSize } from '../model/plan.ts';
import type { Seconds, Usd } from '../model/units.ts';

/** Linux, on demand, list price. */
export interface FargatePrice {
  readonly usdPerVcpuHour: Usd;
  readonly usdPerGiBHour: Usd;
}

type Architecture = 'x86' | 'arm64';

/** Where the figures come from, to be printed beside every amount that rests on them. */
export const fargatePriceSource = {
  date: '2026-09-11',
  source:
    'AWS Price List API, offer AmazonECS, publication of 2026-09-11 (7 Regions); 15 further Regions from an older public table that agrees with it on all of the 7',
} as const;

const price = (usdPerVcpuHour: Usd, usdPerGiBHour: Usd): FargatePrice => ({ usdPerVcpuHour, usdPerGiBHour });

/** Of a public table without a date (values of 2021 to 2023) that agrees with the list of 2026 wherever both know a Region. */
function furtherRegions(): Readonly<Record<string, FargatePrice>> {
  return {
    'us-east-2': price(0.04048, 0.004445),
    'us-west-1': price(0.04656, 0.00511),
    'us-west-2': price(0.04048, 0.004445),
    'ca-central-1': price(0.04456, 0.004865),
    'eu-west-2': price(0.04656, 0.00511),
    'eu-west-3': price(0.0486, 0.0053),
    'eu-south-1': price(0.0486, 0.0053),
    'ap-northeast-2': price(0.04656, 0.00511),
    'ap-southeast-2': price(0.04856, 0.00532),
    'ap-east-1': price(0.0556, 0.0061),
    'sa-east-1': price(0.0696, 0.0076),
    'af-south-1': price(0.0546, 0.006),
    'me-south-1': price(0.0526, 0.0058),
    'us-gov-east-1': price(0.0486, 0.0053),
    'us-gov-west-1': price(0.0486, 0.0053),
  };
}

/** USD per hour, Linux, on demand, by architecture and region. */
export const fargatePrices: Readonly<Record<Architecture, Readonly<Record<string, FargatePrice>>>> = {
  x86: {
    'us-east-1': price(0.04048, 0.004445),
    'eu-west-1': price(0.04048, 0.004445),
    'eu-central-1': price(0.04656, 0.00511),
    'eu-north-1': price(0.0445, 0.0049),
    'ap-south-1': price(0.04256, 0.004655),
    'ap-northeast-1': price(0.05056, 0.00553),
    'ap-southeast-1': price(0.05056, 0.00553),
    ...furtherRegions(),
  },
  arm64: {
    'us-east-1': price(0.03238, 0.00356),
    'eu-west-1': price(0.03238, 0.00356),
    'ap-south-1': price(0.02383, 0.00261),
  },
};

/** Absent for a region that the table does not know: a price is never guessed from another region's. */
export const fargatePrice = (region: string, architecture: Architecture): FargatePrice | undefined =>
  Object.hasOwn(fargatePrices[architecture], region) ? fargatePrices[architecture][region] : undefined;

/** What tasks of one size cost for this many task-seconds. The 60 s that AWS bills at least for each start are not in it. */
export const usdOfTasks = (size: TaskSize, taskSeconds: Seconds, of: FargatePrice): Usd =>
  (taskSeconds / 3600) * ((size.cpu / 1024) * of.usdPerVcpuHour + (size.memoryMiB / 1024) * of.usdPerGiBHour);
