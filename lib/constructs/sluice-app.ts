import { App, type AppProps } from 'aws-cdk-lib';
import { BadInput } from '../model/bad-input.ts';
import { featureFlags } from './feature-flags.ts';

/** An app that gives the same template under the CDK CLI and under plain Node. */
export const createApp = (props: AppProps = {}): App =>
  new App({
    outdir: process.env.CDK_OUTDIR ?? 'cdk.out',
    autoSynth: false,
    analyticsReporting: false,
    ...props,
    context: { ...featureFlags, ...props.context },
    // Wins over what the CLI sets by itself.
    postCliContext: { 'aws:cdk:enable-path-metadata': false, 'aws:cdk:enable-asset-metadata': false },
  });

/**
 * Builds and synthesises an app. Bad input becomes its lines on stderr and exit code 2, and nothing is written.
 * @param build adds the stacks to the app
 */
export const runApp = async (build: (app: App) => Promise<unknown> | unknown): Promise<void> => {
  try {
    const app = createApp();
    await build(app);
    app.synth();
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
};

/** A value of the app's context that must be text: `-c name=value`, or the default. */
export const textContext = (app: App, name: string, otherwise: string): string => {
  const value: unknown = app.node.tryGetContext(name);
  if (value === undefined || value === null) return otherwise;
  if (typeof value === 'string' && value !== '') return value;
  throw new BadInput([
    {
      path: `context ${name}`,
      found: JSON.stringify(value),
      expected: 'text',
      mend: `Give it as "-c ${name}=…", or leave it out for ${otherwise}.`,
    },
  ]);
};
