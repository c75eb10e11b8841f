import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type PlantedBug, plantedBugs } from './planted-bugs/bugs.ts';

/**
 * Plants bugs by hand into a scratch copy of `lib/decide`, one at a time, and tells which of them its tests catch.
 *
 *     node bin/run.js --script scripts/planted-bugs.ts [WORD]      only bugs whose file or change has WORD in it
 *
 * Exit 1: a test suite missed a bug, or a bug's text is not in its file any more. Exit 2: the tests fail without any bug.
 * Takes some three seconds a bug.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

const passes = async (copy: string): Promise<boolean> => {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  try {
    await run(process.execPath, [vitest, 'run', 'test/decide', '--bail', '1', '--reporter', 'dot'], { cwd: copy });
    return true;
  } catch {
    return false;
  }
};

const plant = async (copy: string, bug: PlantedBug): Promise<'caught' | 'MISSED' | 'NOT FOUND'> => {
  const file = join(copy, 'lib/decide', bug.file);
  const sound = await readFile(file, 'utf8');
  if (!sound.includes(bug.search)) return 'NOT FOUND';
  await writeFile(
    file,
    sound.replace(bug.search, () => bug.replace),
  );
  try {
    return (await passes(copy)) ? 'MISSED' : 'caught';
  } finally {
    await writeFile(file, sound);
  }
};

const copyOf = async (): Promise<string> => {
  const copy = await mkdtemp(join(tmpdir(), 'sluice-planted-'));
  for (const part of ['lib', 'test/decide', 'test/schedule', 'package.json', 'tsconfig.json', 'vitest.config.ts'])
    await cp(join(root, part), join(copy, part), { recursive: true });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
};

const word = process.argv[2] ?? '';
const wanted = plantedBugs.filter(({ file, search, replace }) => `${file} ${search} ${replace}`.includes(word));
const copy = await copyOf();
try {
  if (!(await passes(copy))) {
    console.error('The tests of test/decide fail as they are: a planted bug would prove nothing.');
    process.exitCode = 2;
  } else {
    let missed = 0;
    for (const bug of wanted) {
      const verdict = await plant(copy, bug);
      if (verdict !== 'caught') missed += 1;
      console.log(`${verdict.padEnd(10)}${bug.file}: ${bug.search}  →  ${bug.replace}`);
    }
    console.log(`${wanted.length - missed} of ${wanted.length} planted bugs caught`);
    process.exitCode = missed > 0 ? 1 : 0;
  }
} finally {
  await rm(copy, { recursive: true });
}
