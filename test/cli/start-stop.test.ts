import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunSummary } from '../../lib/report/run/summary.ts';
import { canSeeProcesses, type ProcessTree, processTree } from './process-tree.ts';

const projectDirectory = fileURLToPath(new URL('../..', import.meta.url));
const started: { readonly child: ChildProcess; readonly out: string; readonly tree: ProcessTree }[] = [];
afterEach(() => {
  for (const { tree, out } of started.splice(0)) {
    for (const { pid } of tree.look()) kill(pid, 'SIGKILL');
    rmSync(out, { recursive: true, force: true });
  }
});

/** `npm start` in a process group of its own, as a shell would start it. */
const npmStart = () => {
  const out = mkdtempSync(join(tmpdir(), 'sluice-stop-test-'));
  const child = spawn('npm', ['start', '--', '--minutes', '5', '--start-seconds', '0.2', '--out', out], {
    cwd: projectDirectory,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const tree = processTree(child.pid ?? 0);
  const run = { child, out, tree, text: '' };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (run.text += chunk));
  started.push(run);
  return {
    ...run,
    exit: new Promise<number | string | null>((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal))),
  };
};

const kill = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
};

const isHost = ({ command }: { readonly command: string }): boolean => /^node bin\/run\.js start/.test(command);
const isWorker = ({ command }: { readonly command: string }): boolean => command.includes('.build/workers/worker');
const isFunction = ({ command }: { readonly command: string }): boolean => command.includes('lambda/runtime');

const summaryIn = (out: string): RunSummary => JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'));

// Each of these starts the whole local cloud: workers, functions, emulators, the bundler.
describe.skipIf(!canSeeProcesses)('whatever ends npm start, nothing survives it', { timeout: 90_000 }, () => {
  const running = async () => {
    const run = npmStart();
    await run.tree.until(isFunction, 45);
    await run.tree.until(isWorker, 30);
    const host = await run.tree.until(isHost, 1);
    return { ...run, host };
  };

  it('Ctrl-C: stops in order and still tells what it knows', async () => {
    const { child, exit, tree, out } = await running();
    // A terminal sends it to the whole group, npm passes it on as well.
    kill(-(child.pid ?? 0), 'SIGINT');
    await exit;
    expect(await tree.left(20)).toEqual([]);
    expect(summaryIn(out).run).toMatchObject({ interrupted: 'Ctrl-C', finished: false });
    expect(summaryIn(out).jobs.lost).toBe(0);
    expect(existsSync(join(out, 'report/index.html'))).toBe(true);
  });

  it('SIGTERM to npm alone, as a CI job that timed out', async () => {
    const { child, tree, out } = await running();
    kill(child.pid ?? 0, 'SIGTERM');
    expect(await tree.left(20)).toEqual([]);
    expect(summaryIn(out).run.finished).toBe(false);
  });

  it('SIGKILL to npm', async () => {
    const { child, tree, out } = await running();
    kill(child.pid ?? 0, 'SIGKILL');
    expect(await tree.left(20)).toEqual([]);
    expect(summaryIn(out).run.interrupted).toBe('the process that started it is gone');
  });

  it('SIGKILL to the host', async () => {
    const { host, tree } = await running();
    kill(host.pid, 'SIGKILL');
    expect(await tree.left(10)).toEqual([]);
  });

  it('SIGTERM while it is still being built', async () => {
    const { tree } = npmStart();
    const host = await tree.until(isHost, 20);
    await tree.until(({ command }) => command.includes('app.ts'), 20);
    kill(host.pid, 'SIGTERM');
    expect(await tree.left(15)).toEqual([]);
  });

  it('Ctrl-C twice: at once', async () => {
    const { host, tree } = await running();
    kill(host.pid, 'SIGINT');
    // Not the same key press any more, and well before the workers' grace is over.
    await new Promise((resolve) => setTimeout(resolve, 750));
    kill(host.pid, 'SIGINT');
    expect(await tree.left(3)).toEqual([]);
  });
});
