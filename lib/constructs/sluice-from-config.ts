import type { App } from 'aws-cdk-lib';
import { formatWarning } from '../config/config-warnings.ts';
import { existingQueues } from '../config/existing.ts';
import { defaultConfigFile, loadConfig } from '../config/load.ts';
import type { GoodConfig } from '../config/parse-config.ts';
import { BadInput, type InputIssue } from '../model/bad-input.ts';
import type { ServicePlan } from '../model/plan.ts';
import type { ExistingSpec } from './adopt/existing-by-name.ts';
import { longestQueueName, queueNameOf } from './queue-name.ts';
import { textContext } from './sluice-app.ts';
import { type ServiceSpec, SluiceStack, type SluiceStackProps } from './sluice-stack.ts';

export interface SluiceFromConfigProps
  extends Omit<SluiceStackProps, 'services' | 'alerts' | 'dashboard' | 'api' | 'report'> {
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
  // A local run has only what this app makes: services that exist elsewhere are not in it.
  const local = app.node.tryGetContext('sluice:local') === 'true';
  const { services, existing } = serviceSpecs(loaded, local);
  for (const warning of loaded.warnings) process.stderr.write(`${formatWarning(warning)}\n`);
  return new SluiceStack(app, loaded.config.stage, {
    ...stackProps,
    services,
    existing,
    dashboard: loaded.config.dashboard,
    ...(loaded.alerts && { alerts: loaded.alerts }),
    ...(loaded.api && { api: loaded.api }),
    ...(loaded.report && { report: loaded.report }),
  });
};

/** The services of a good config, ready to be built. Throws `BadInput` for what decides well but cannot be deployed. */
export const serviceSpecs = ({ config, plans }: GoodConfig, local = false): ServiceSpecs => {
  const given = plans.flatMap((plan) => {
    const service = config.services[plan.service];
    return service ? [{ plan, service }] : [];
  });
  const existing = given.flatMap(({ plan, service }) =>
    service.existing ? [{ plan, service: { ...service, existing: service.existing } }] : [],
  );
  const made = given.filter(({ service }) => !service.existing);
  const issues = [
    ...made.flatMap(({ plan, service }) => [
      ...workerIssues(plan, service.worker),
      ...queueIssues(plan, config.stage, existingQueues(plan.service, service)),
    ]),
    ...(local && made.length === 0 ? [nothingLocal(existing.map(({ plan }) => plan.service))] : []),
  ];
  if (issues.length > 0) throw new BadInput(issues);
  return {
    services: made.map(({ plan, service }) => ({
      plan,
      source: { ...service.worker },
      // Locally even an existing queue is made: an empty one.
      ...(local ? {} : { existingQueues: existingQueues(plan.service, service) }),
    })),
    existing: local ? [] : existing,
  };
};

interface ServiceSpecs {
  readonly services: readonly ServiceSpec[];
  readonly existing: readonly ExistingSpec[];
}

const nothingLocal = (names: readonly string[]): InputIssue => ({
  path: 'services',
  found: `only services that exist in AWS (${names.join(', ')})`,
  expected: 'at least one that this config makes, for a local run',
  mend: 'Try "sluice simulate" or "sluice replay" instead: there is nothing of them on this machine.',
});

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

const queueIssues = (plan: ServicePlan, stage: string, existing: ReadonlyMap<string, unknown>): readonly InputIssue[] =>
  plan.queues
    .filter(({ name }) => !existing.has(name))
    .map(({ name, fifo }) => ({ name, longest: queueNameOf(stage, name, fifo).dead.length }))
    .filter(({ longest }) => longest > longestQueueName)
    .map(({ name, longest }) => ({
      path: `services.${plan.service}.queue.name`,
      found: `"${name}", whose dead-letter queue would get a name of ${longest} characters`,
      expected: `at most ${longestQueueName}, stage and "-dead" included`,
      mend: `Shorten the name or the stage "${stage}" by ${longest - longestQueueName}.`,
    }));
