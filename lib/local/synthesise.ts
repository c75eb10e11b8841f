import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from '../model/bad-input.ts';

export interface SynthesisOptions {
  /** Absolute path of the CDK app's file. */
  readonly app: string;
  /** Absolute path; emptied first. */
  readonly outdir: string;
  readonly context?: Readonly<Record<string, unknown>>;
  /** Where the app runs. Default: the working directory. */
  readonly cwd?: string;
  /** Further variables for the app. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Ends the synthesis. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a CDK app in a process of its own, so that half a gigabyte of CDK does not stay in this one, and returns the
 * folder with the cloud assembly. CDK's own validation is off: `check` and `synth` do it, a start need not wait for it.
 * Throws BadInput with the app's stderr when it fails.
 */
export const synthesise = async (options: SynthesisOptions): Promise<string> => {
  rmSync(options.outdir, { recursive: true, force: true });
  mkdirSync(options.outdir, { recursive: true });
  // Lambda unpacks code below no package.json; without this one the project's `"type": "module"` would hold for it.
  writeFileSync(join(options.outdir, 'package.json'), '{}');
  const { code, stderr } = await runApp(options);
  if (code === 0) return options.outdir;
  throw new BadInput([
    {
      path: options.app,
      found: `an app that ends with ${code === null ? 'a signal' : `exit code ${code}`}:\n${lastLines(stderr)}\n`,
      expected: 'a CDK app that synthesises',
      mend: `Mend what it says above; "node ${options.app}" shows it alone.`,
    },
  ]);
};

const runApp = (options: SynthesisOptions): Promise<{ readonly code: number | null; readonly stderr: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [options.app], {
      cwd: options.cwd ?? process.cwd(),
      env: { ...appEnvironment(options), ...options.environment },
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const chunks: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stderr: chunks.join('') }));
  });

/** An app may read variables of its user's. An account of theirs would end up in the template's ARNs, so those go. */
const appEnvironment = (options: SynthesisOptions): Readonly<Record<string, string | undefined>> => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS_|CDK_)/.test(name))),
  CDK_OUTDIR: options.outdir,
  CDK_CONTEXT_JSON: JSON.stringify(options.context ?? {}),
  CDK_VALIDATION: 'false',
});

const lastLines = (text: string): string => text.trimEnd().split('\n').slice(-30).join('\n');
