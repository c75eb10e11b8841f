import { createRequire } from 'node:module';

/**
 * CDK's feature flags, in code and not in cdk.json: only the CLI reads that, and then `cdk deploy` and the local run
 * would work on different templates.
 */
export const featureFlags: Readonly<Record<string, unknown>> = {
  ...createRequire(import.meta.url)('aws-cdk-lib/recommended-feature-flags.json'),
  // What further stacks of workers take from the first one (cluster, table, network) must not go while they are there.
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
};
