import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs a tool's own JavaScript entry with this Node (no shell, no PATH look-up) and returns its exit code. */
export const runTool = (packageName: string, binary: string, args: readonly string[]): number => {
  const manifestFile = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  const manifest = createRequire(import.meta.url)(manifestFile) as { bin: string | Record<string, string> };
  const entry = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[binary];
  if (entry === undefined) throw new Error(`${packageName} has no binary "${binary}"`);
  const { status } = spawnSync(process.execPath, [join(dirname(manifestFile), entry), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  return status ?? 1;
};
