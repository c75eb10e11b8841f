import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPackage } from '../scripts/package/build.ts';
import { root } from '../scripts/run-tool.ts';

export interface SynthTiming {
  readonly name: string;
  /** Of a process that synthesises it from nothing, the least of three: wall time on a shared machine says little. */
  readonly cpuSeconds: number;
  /** Against an app with one empty stack. */
  readonly timesEmpty: number;
}

/** Times the synthesis of apps with no, one and a hundred services, with the published package as a user has it. */
export const benchSynth = async (): Promise<readonly SynthTiming[]> => {
  mkdirSync(join(root, '.build'), { recursive: true });
  // Inside the project, where the packages it depends on are found.
  const folder = mkdtempSync(join(root, '.build', 'bench-synth-'));
  try {
    // A project of its own, or `sluice` would be this one.
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    await buildPackage(join(folder, 'node_modules', 'sluice'));
    const timings = [0, 1, 100].map((services) => {
      const app = join(folder, `app-${services}.ts`);
      writeFileSync(app, services === 0 ? emptyApp : appWith(services));
      return { name: nameOf(services), cpuSeconds: Math.min(...[1, 2, 3].map(() => synth(app, folder))) };
    });
    const empty = timings[0]?.cpuSeconds ?? Number.NaN;
    return timings.map((timing) => ({ ...timing, timesEmpty: timing.cpuSeconds / empty }));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const nameOf = (services: number): string => {
  if (services === 0) return 'empty stack';
  return services === 1 ? '1 service' : `${services} services`;
};

const synth = (app: string, folder: string): number => {
  const environment = { ...process.env, CDK_OUTDIR: join(folder, 'out') };
  const { stdout, status, stderr } = spawnSync(process.execPath, [app], { env: environment, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return Number(stdout.trim().split('\n').at(-1));
};

const tellCpu = `
const { user, system } = process.cpuUsage();
console.log((user + system) / 1e6);
`;

const emptyApp = `
import { App, Stack } from 'aws-cdk-lib';
const app = new App();
new Stack(app, 'empty');
app.synth();
${tellCpu}`;

const appWith = (services: number): string => {
  const names = Array.from({ length: services }, (_, i) => `s${i}`);
  const worker = { image: 'public.ecr.aws/docker/library/node:24-slim' };
  const config = { services: Object.fromEntries(names.map((name) => [name, { worker }])) };
  return `
import { App } from 'aws-cdk-lib';
import { Sluice } from 'sluice';
const app = new App();
new Sluice(app, 'sluice', { config: ${JSON.stringify(config)} });
app.synth();
${tellCpu}`;
};
