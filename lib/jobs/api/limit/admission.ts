import type { JobEndpoint, RateLimit } from '../../../model/job-api-plan.ts';
import type { Caller, Origin } from '../auth/caller.ts';
import { Problem } from '../http/problem.ts';
import type { JobApiParts } from '../parts.ts';

/** Throws `Problem` rate-limited. Before anybody is asked who they are, so that keys cannot be guessed at speed. */
export const admitAddress = async (parts: JobApiParts, { address }: Origin): Promise<void> => {
  await admit(parts, `ip#${networkOf(address)}`, 1, parts.plan.limits.address, 'your address');
};

/** Throws `Problem` rate-limited: the client's own limit, then that of the endpoint. */
export const admitCaller = async (
  parts: JobApiParts,
  { tenant }: Caller,
  endpoint: JobEndpoint,
  cost: number,
): Promise<void> => {
  const { client, endpoints } = parts.plan.limits;
  const ofEndpoint = endpoints[endpoint];
  await Promise.all([
    admit(parts, `client#${tenant}`, cost, client, 'you'),
    ofEndpoint && admit(parts, `client#${tenant}#${endpoint}`, cost, ofEndpoint, `you at ${endpoint}`),
  ]);
};

const admit = async (
  { limiter, clock }: JobApiParts,
  key: string,
  cost: number,
  limit: RateLimit,
  who: string,
): Promise<void> => {
  const admission = await limiter.admit(key, cost, limit, clock.now() * 1000);
  if (admission.ok) return;
  throw new Problem(
    'rate-limited',
    `The limit for ${who} is ${limit.perSecond} a second, and ${limit.burst} at once.`,
    { retryAfterSeconds: admission.retryAfterSeconds, more: { limit } },
  );
};

/** Of an IPv6 address the network: whoever has one has 2^64 addresses. */
const networkOf = (address: string): string => {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - after.length) }, () => '0');
  return [...groups, ...zeros, ...after].slice(0, 4).join(':');
};
