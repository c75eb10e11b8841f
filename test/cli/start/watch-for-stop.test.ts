import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('./stop-script.ts', import.meta.url));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process with its lines, as they come. */
const run = (command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) => {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exit = new Promise<number | string | null>((resolve) =>
    child.on('exit', (code, signal) => resolve(code ?? signal)),
  );
  return {
    child,
    exit,
    line: async (): Promise<string> => {
      const next = await lines.next();
      return next.done ? '(end)' : next.value;
    },
  };
};

describe('what ends a run', () => {
  it.each([
    ['SIGINT', 'Ctrl-C', 130],
    ['SIGTERM', 'SIGTERM', 143],
    ['SIGHUP', 'the terminal went away', 129],
  ] as const)('%s', async (signal, text, code) => {
    const { child, exit, line } = run(process.execPath, [script]);
    await line();
    child.kill(signal);
    expect(await line()).toBe(`stopped: ${text}`);
    expect(await exit).toBe(code);
  });

  it('one Ctrl-C that arrives twice is one, a later one is a second', async () => {
    const { child, exit, line } = run(process.execPath, [script, 'linger']);
    await line();
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect(await line()).toBe('stopped: Ctrl-C');
    // Real time is what is tested here: people press again after a moment.
    await new Promise((resolve) => setTimeout(resolve, 800));
    child.kill('SIGINT');
    expect(await line()).toBe('again: Ctrl-C');
    expect(await exit).toBe(130);
  });

  it.skipIf(process.platform === 'win32')('the end of its parent', async () => {
    const { child, line } = run('sh', ['-c', `"${process.execPath}" "${script}"; true`]);
    await line();
    child.kill('SIGKILL');
    expect(await line()).toBe('stopped: the process that started it is gone');
    expect(await line()).toBe('(end)');
  });

  // npm starts scripts through a shell: killing npm leaves the shell, and so the parent, alive.
  it.skipIf(!existsSync('/proc/self/stat'))('the end of npm behind a shell that lives on', async () => {
    const shell = `sh -c '"${process.execPath}" "${script}"; true'; true`;
    const { child, line } = run('sh', ['-c', shell], { ...process.env, npm_lifecycle_event: 'start' });
    await line();
    child.kill('SIGKILL');
    expect(await line()).toBe('stopped: the process that started it is gone');
    expect(await line()).toBe('(end)');
  });
});
