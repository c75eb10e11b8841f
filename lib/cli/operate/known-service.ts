import { nearest } from '../../config/nearest.ts';
import { BadInput } from '../../model/bad-input.ts';

/** Throws BadInput with the list of those that are known. */
export const requireService = (service: string, services: readonly string[], label: string): void => {
  if (services.includes(service)) return;
  const near = nearest(service, services);
  throw new BadInput([
    {
      path: 'SERVICE',
      found: `"${service}"`,
      expected: `one of ${services.join(', ')} (${label})`,
      mend: near === undefined ? 'Name one of these.' : `Did you mean ${near}?`,
    },
  ]);
};
