import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  bootEmulators,
  type LocalCloud,
  type LocalCloudOptions,
  startLocalCloud,
  synthesise,
} from '../../local/local-cloud.ts';
import { projectDirectory, type StartRequest } from './request.ts';
import { makeFunctionsTalkative } from './talkative-functions.ts';

/** AWS's own start-up times have a longer tail; here it is kept short, so that two minutes show more than luck. */
export const startP95Factor = 1.5;

export type CloudListeners = Pick<LocalCloudOptions, 'onFunctionLine' | 'onTaskLine' | 'onInvocation'>;

/** Synthesises the app in a child process while the emulators boot, then starts what the template says. */
export const openCloud = async (
  request: StartRequest,
  listeners: CloudListeners,
  signal: AbortSignal,
): Promise<LocalCloud> => {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-start-'));
  const removeDirectory = () => rmSync(directory, { recursive: true, force: true });
  const [assembly, emulators] = await Promise.allSettled([
    synthesise({
      app: request.app,
      outdir: join(directory, 'cdk.out'),
      context: { ...request.context, 'sluice:local': 'true' },
      cwd: projectDirectory,
      signal,
    }),
    bootEmulators(),
  ]);
  try {
    if (emulators.status === 'rejected') throw emulators.reason;
    if (assembly.status === 'rejected') {
      await emulators.value.stop();
      throw assembly.reason;
    }
    makeFunctionsTalkative(assembly.value);
    const cloud = await startLocalCloud({
      assemblyDir: assembly.value,
      emulators: emulators.value,
      startDelaySeconds: { median: request.startSeconds, p95: request.startSeconds * startP95Factor },
      seed: request.seed,
      projectDirectory,
      closeGraceSeconds: 3,
      ...listeners,
    });
    return { ...cloud, stop: () => cloud.stop().finally(removeDirectory) };
  } catch (error) {
    removeDirectory();
    throw error;
  }
};
