import { loadConfig } from '../../config/load.ts';
import { BadInput } from '../../model/bad-input.ts';
import type { StartRequest } from './request.ts';

/** A line for what a config names and this machine does not have. Throws `BadInput` when there is nothing else in it. */
export const leftOutLines = async ({ context }: Pick<StartRequest, 'context'>): Promise<readonly string[]> => {
  if (context.config === undefined) return [];
  const { config } = await loadConfig(context.config);
  const services = Object.entries(config.services);
  const elsewhere = services.filter(([, { existing }]) => existing !== undefined).map(([name]) => name);
  if (elsewhere.length === 0) return [];
  const names = elsewhere.join(', ');
  if (elsewhere.length === services.length)
    throw new BadInput([
      {
        path: `${context.config}: services`,
        found: `only services that exist in AWS already (${names})`,
        expected: 'at least one that this config makes',
        mend: 'There is nothing of them to run on this machine: "sluice simulate" tries a policy on a trace, "mode": "shadow" on the real thing.',
      },
    ]);
  return [`  left out, since they exist in AWS and not here: ${names}`];
};
