import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { packageRoot } from '../../package-files.ts';
import { type BundleProps, bundle } from './bundle.ts';

/**
 * The code of `functions/<name>.ts` as an asset with `index.mjs`. In a built package the bundle lies ready in
 * `functions/<name>/`; in the source tree it is made, once a process.
 */
export const functionCode = (name: string, root: string = packageRoot): lambda.Code =>
  lambda.Code.fromAsset(functionFolder(name, root));

/** The folder with the bundle, made if it is not there ready. */
export const functionFolder = (name: string, root: string = packageRoot): string => {
  const ready = join(root, 'functions', name);
  if (existsSync(join(ready, 'index.mjs'))) return ready;
  const paths = functionBundle(name, root);
  if (!bundled.has(paths.folder)) {
    bundle(paths);
    bundled.add(paths.folder);
  }
  return paths.folder;
};

/** Where the bundle of a function comes from and goes to. */
export const functionBundle = (name: string, root: string = packageRoot): BundleProps => ({
  entry: join(root, 'functions', `${name}.ts`),
  folder: join(root, '.build', 'functions', name),
  // A sixth of the bundle would be ways to find credentials that a function never takes.
  alias: {
    '@aws-sdk/credential-provider-node': join(packageRoot, 'lib', 'constructs', 'code', 'lambda-credentials.ts'),
  },
});

const bundled = new Set<string>();
