import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bootEmulators, type LocalCloud, startLocalCloud, synthesise } from '../../lib/local/local-cloud.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** An app as deployed, in the local cloud: its template, its bundled functions, its workers as real processes. */
export interface BootedApp {
  readonly cloud: LocalCloud;
  /** Stops everything and leaves nothing behind. */
  readonly stop: () => Promise<void>;
}

type Running = Omit<Parameters<typeof startLocalCloud>[0], 'assemblyDir' | 'emulators' | 'projectDirectory'>;

/** What is run: an app of its own, or the app of a config. */
export type What =
  | { readonly app: URL; readonly context?: Readonly<Record<string, string>> }
  | { readonly config: string };

/** Starts take a tenth of a second unless `running` says otherwise. @param name of the folder that the template goes to */
export const bootApp = async (name: string, what: What, running: Partial<Running> = {}): Promise<BootedApp> => {
  const outdir = outdirOf(name);
  const emulators = bootEmulators();
  const assemblyDir = await synthesise(
    'app' in what
      ? { app: fileURLToPath(what.app), outdir, ...(what.context && { context: what.context }) }
      : { app: `${project}bin/app.ts`, outdir, cwd: project, context: { config: what.config } },
  );
  const cloud = await startLocalCloud({
    startDelaySeconds: { median: 0.1, p95: 0.2 },
    seed: 1,
    ...running,
    assemblyDir,
    emulators: await emulators,
    projectDirectory: project,
  });
  const stop = async () => {
    await cloud.stop();
    rmSync(outdir, { recursive: true, force: true });
  };
  return { cloud, stop };
};

const outdirOf = (name: string): string => `${project}.build/test-${name}-${process.pid}`;

/** The longest that a boot or a stop may take, on a machine that is busy with other things. */
export const bootMilliseconds = 120_000;
