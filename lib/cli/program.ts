import { Command, CommanderError } from 'commander';
import { BadInput } from '../model/bad-input.ts';

/** A command's file: `define` adds options and the action; the action returns the exit code (nothing: 0). */
export interface CommandModule {
  readonly define: (command: Command) => void;
}

/** One row a command. The file is imported only when its command runs: `decide` must not wait for the CDK. */
const commands: readonly (readonly [name: string, summary: string, load: () => Promise<CommandModule>])[] = [
  ['start', 'run a config on the embedded local cloud, on real jobs', () => import('./start.ts')],
  ['decide', 'filter: observations in, desired counts out, as JSON lines', () => import('./decide.ts')],
  ['validate', 'check a config', () => import('./validate.ts')],
  ['why', 'the story of a decision, in plain words', () => import('./why.ts')],
  ['status', 'tasks, queues, last decision, alerts and overrides now', () => import('./status.ts')],
  ['log', 'the decisions of a service', () => import('./log.ts')],
  ['replay', 'decide a log again and list differences', () => import('./replay.ts')],
  ['compare', 'the present autoscaler against Sluice, on the log of a service in shadow', () => import('./compare.ts')],
  ['pause', 'leave counts alone for a while', () => import('./pause.ts')],
  ['hold', 'keep a service at a count for a while', () => import('./hold.ts')],
  ['resume', 'end a pause or a hold', () => import('./resume.ts')],
  ['mute', 'tell nobody of alerts for a while', () => import('./mute.ts')],
  ['unmute', 'end a mute', () => import('./unmute.ts')],
  ['apply', 'advice that is applied beside the config, and applying more of it', () => import('./apply.ts')],
  ['undo', 'take applied advice back', () => import('./undo.ts')],
  ['redrive', 'dead letters back to their queue', () => import('./redrive.ts')],
  ['audit', 'prove that every job is in exactly one state', () => import('./audit.ts')],
  ['api-key', 'make, list and end keys of the job API', () => import('./api-key.ts')],
  ['simulate', 'compare policies on a trace: cost, promise, waits', () => import('./simulate.ts')],
  ['import', 'a config from KEDA, HPA, Application Auto Scaling, Copilot or CDK', () => import('./import.ts')],
  ['backtest', 'policies on your own past: cost, promise, settings', () => import('./backtest.ts')],
  ['report', 'the weekly report: what it cost, what it kept, what to change', () => import('./report.ts')],
  ['plan', 'capacity planner: tasks, limits and cost for a throughput', () => import('./plan.ts')],
  ['doctor', 'readiness checklist of a deployed stage', () => import('./doctor.ts')],
  ['schedule', 'coming schedule transitions, in local time and UTC', () => import('./schedule.ts')],
];

/** Runs one command line and returns the exit code: 0 done, 1 failed, 2 bad input. */
export const runCommandLine = async (args: readonly string[]): Promise<number> => {
  const program = new Command('sluice')
    .description('Keeps a start-time promise for SQS workers on ECS Fargate with the cheapest fleet.')
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(text) });
  for (const [name, summary] of commands) program.command(name).description(summary).exitOverride();
  const chosen = commands.find(([name]) => name === args[0]);
  try {
    if (chosen) {
      const command = program.commands.find((c) => c.name() === chosen[0]);
      if (command) (await chosen[2]()).define(command);
    }
    await program.parseAsync([...args], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof BadInput) {
      process.stderr.write(`${error.message}\n`);
      return 2;
    }
    const missing = missingPackage(error);
    if (missing !== undefined) {
      process.stderr.write(`sluice ${args[0] ?? ''}: ${missing}\n`);
      return 1;
    }
    process.stderr.write(
      `sluice ${args[0] ?? ''}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return 1;
  }
};

/** What only a local run needs comes with the repository, not with the published package. */
const missingPackage = (error: unknown): string | undefined => {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return undefined;
  const name = /Cannot find (?:package|module) '([^./'][^']*)'/.exec(message)?.[1];
  if (name === undefined) return undefined;
  const wanted = localRun.includes(name) ? localRun.join(' ') : name;
  return `the package ${name} is not installed. Install what is missing: npm install --save-dev ${wanted}`;
};

const localRun: readonly string[] = ['esbuild', 'fauxqs', 'dynalite'];
