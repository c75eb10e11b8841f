import type { LimitGrant } from '../model/limits.ts';
import type { Chain } from './chain.ts';

/** What the others leave of a shared limit is the last word on the count. */
export const takeGrant = (chain: Chain, service: string, grant: LimitGrant): void => {
  const wanted = chain.count;
  if (grant.granted >= wanted) return;
  const holders = grant.heldBy.slice(0, 3).map((holder) => `${holder.service} ${holder.tasks}`);
  const held = holders.length > 0 ? ` It is held by ${holders.join(', ')}.` : '';
  const text = `The shared limit "${grant.limit}" leaves ${grant.granted} tasks for ${service}; it would have been ${wanted}.${held}`;
  chain.to('allocate', 'limitShared', text, grant.granted);
  chain.alarm({ code: 'limitShort', severity: 'warning', text });
};
