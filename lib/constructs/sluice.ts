import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { formatWarning } from '../config/config-warnings.ts';
import { type GoodConfig, parseConfig } from '../config/parse-config.ts';
import type { Config } from '../config/schema/config-schema.ts';
import { BadInput } from '../model/bad-input.ts';
import { serviceSpecs } from './sluice-from-config.ts';
import { SluiceStack, type SluiceStackProps } from './sluice-stack.ts';

export interface SluiceProps
  extends Omit<SluiceStackProps, 'services' | 'existing' | 'alerts' | 'dashboard' | 'api' | 'report' | 'stackName'> {
  /** Its `stage` is the stack's name; without one, the construct's id is. */
  readonly config: Config;
}

/**
 * The common case in one line: queues, workers and the scaler of a config, in a stack of their own. Warnings become
 * annotations of CDK. Throws `BadInput` with everything that is wrong with the config.
 */
export class Sluice extends SluiceStack {
  constructor(scope: Construct, id: string, { config, ...props }: SluiceProps) {
    const good = goodConfig({ ...config, stage: config.stage ?? id });
    super(scope, id, {
      ...props,
      ...serviceSpecs(good),
      dashboard: good.config.dashboard,
      ...(good.alerts && { alerts: good.alerts }),
      ...(good.api && { api: good.api }),
      ...(good.report && { report: good.report }),
      stackName: good.config.stage,
    });
    for (const [index, warning] of good.warnings.entries()) {
      Annotations.of(this).addWarningV2(`sluice:config-${index}`, formatWarning(warning));
    }
  }
}

const goodConfig = (config: Config): GoodConfig => {
  const parsed = parseConfig(config);
  if (!parsed.ok) throw new BadInput(parsed.issues);
  return parsed;
};
