import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment, projectRoot } from './lane-environment.ts';
import { type ProgramRun, runProgram, runWell } from './run-program.ts';

export interface Cdk {
  /** Rejects with the end of its output when the command fails. */
  run(...args: readonly string[]): Promise<ProgramRun>;
  /** For commands whose exit code is the answer. */
  answer(...args: readonly string[]): Promise<ProgramRun>;
}

/** The project's own CDK CLI, with cdk.json's app, against `endpoint`. */
export const cdkAgainst = (endpoint: string, home: string): Cdk => {
  const env = childEnvironment(endpoint, home, { CDK_DISABLE_CLI_TELEMETRY: 'true' });
  const cli = join(projectRoot, 'node_modules/aws-cdk/bin/cdk');
  const command = (args: readonly string[]) => [process.execPath, [cli, '--no-notices', ...args], env] as const;
  return { run: (...args) => runWell(...command(args)), answer: (...args) => runProgram(...command(args)) };
};

export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export const readTemplate = (assembly: string, stack: string): Template =>
  JSON.parse(readFileSync(join(assembly, `${stack}.template.json`), 'utf8'));

/** The bundle of a function, as the assembly holds it and the deploy publishes it. */
export const functionBundlePath = (assembly: string, template: Template, logicalId: string): string => {
  const code = template.Resources[logicalId]?.Properties?.Code as { readonly S3Key: string } | undefined;
  if (code === undefined) throw new Error(`the template has no function ${logicalId}`);
  return join(assembly, `asset.${code.S3Key.replace('.zip', '')}`, 'index.mjs');
};
