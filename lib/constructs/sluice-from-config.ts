import type { App } from 'aws-cdk-lib';
import { formatWarning } from '../config/config-warnings.ts';
import { defaultConfigFile, loadConfig } from '../config/load.ts';
import type { GoodConfig } from '../config/parse-config.ts';
import { BadInput, type InputIssue } from '../model/bad-input.ts';
import type { ServicePlan } from '../model/plan.ts';
import { longestQueueName, queueNameOf } from './queue-name.ts';
import { textContext } from './sluice-app.ts';
import { type ServiceSpec, SluiceStack, type SluiceStackProps } from './sluice-stack.ts';

export interface SluiceFromConfigProps extends Omit<SluiceStackProps, 'services'> {
  /**
   * The config's file; `-c config=FILE` wins over it.
   * @default 'sluice.config.ts'
   */
  readonly config?: string;
}

/**
 * Reads a config and adds its stack to the app; the config's stage is the stack's name. Warnings go to stderr.
 * Throws `BadInput` for whatever is wrong with the config, before anything is added.
 */
export const sluiceStack = async (app: App, props: SluiceFromConfigProps = {}): Promise<SluiceStack> => {
  const { config: file = defaultConfigFile, ...stackProps } = props;
  const loaded = await loadConfig(textContext(app, 'config', file));
  const services = serviceSpecs(loaded);
  for (const warning of loaded.warnings) process.stderr.write(`${formatWarning(warning)}\n`);
  return new SluiceStack(app, loaded.config.stage, { ...stackProps, services });
};

/** The services of a good config, ready to be built. Throws `BadInput` for what decides well but cannot be deployed. */
export const serviceSpecs = ({ config, plans }: GoodConfig): readonly ServiceSpec[] => {
  const issues = plans.flatMap((plan) => [
    ...workerIssues(plan, config.services[plan.service]?.worker),
    ...queueIssues(plan, config.stage),
  ]);
  if (issues.length > 0) throw new BadInput(issues);
  return plans.map((plan) => ({ plan, source: { ...config.services[plan.service]?.worker } }));
};

type CheckedWorker = GoodConfig['config']['services'][string]['worker'];

const workerIssues = (plan: ServicePlan, worker: CheckedWorker | undefined): readonly InputIssue[] =>
  worker?.image !== undefined || worker?.entry !== undefined
    ? []
    : [
        {
          path: `services.${plan.service}.worker`,
          found: 'neither "image" nor "entry"',
          expected: 'what the tasks run',
          mend: 'Add "entry": "path/to/worker.ts", or the "image" of a container.',
        },
      ];

const queueIssues = (plan: ServicePlan, stage: string): readonly InputIssue[] =>
  plan.queues
    .map(({ name, fifo }) => ({ name, longest: queueNameOf(stage, name, fifo).dead.length }))
    .filter(({ longest }) => longest > longestQueueName)
    .map(({ name, longest }) => ({
      path: `services.${plan.service}.queue.name`,
      found: `"${name}", whose dead-letter queue would get a name of ${longest} characters`,
      expected: `at most ${longestQueueName}, stage and "-dead" included`,
      mend: `Shorten the name or the stage "${stage}" by ${longest - longestQueueName}.`,
    }));
