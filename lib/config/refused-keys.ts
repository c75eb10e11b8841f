import { refusalsOf } from '../model/unsupported-service.ts';

/** Words of ECS that a config has no field for, since there is one value only. */
type EcsWord =
  | 'launchType'
  | 'capacityProvider'
  | 'capacityProviders'
  | 'deploymentController'
  | 'schedulingStrategy'
  | 'operatingSystem';

const wordOf: Readonly<Record<string, EcsWord>> = {
  launchType: 'launchType',
  capacityProvider: 'capacityProvider',
  capacityProviders: 'capacityProviders',
  deploymentController: 'deploymentController',
  schedulingStrategy: 'schedulingStrategy',
  operatingSystem: 'operatingSystem',
  operatingSystemFamily: 'operatingSystem',
  platform: 'operatingSystem',
};

/** The refusal by name for a key that the config does not know, where its value says what was meant. */
export const refusedKey = (
  key: string,
  value: unknown,
): { readonly found: string; readonly expected: string; readonly mend: string } | undefined => {
  const word = Object.hasOwn(wordOf, key) ? wordOf[key] : undefined;
  if (word === undefined) return undefined;
  const values = [value].flat().filter((one) => typeof one === 'string');
  const [refusal] = values.flatMap((one) => refusalsOf(kindOf(word, one)));
  if (refusal) return refusal;
  if (values.length === 0) return undefined;
  return {
    found: `"${key}" ${JSON.stringify(value)}`,
    expected: 'nothing there',
    mend: 'Remove it: that is the only kind of service that Sluice makes.',
  };
};

const kindOf = (word: EcsWord, value: string) =>
  word === 'capacityProvider' || word === 'capacityProviders'
    ? { capacityProviders: [value] }
    : { [word]: word === 'operatingSystem' ? value : value.toUpperCase() };
