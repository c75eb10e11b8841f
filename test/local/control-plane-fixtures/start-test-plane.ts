import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ControlPlane,
  type ControlPlaneOptions,
  startControlPlane,
  type TaskView,
  type TemplateResource,
} from '../../../lib/local/control-plane.ts';

export const region = 'us-east-1';
export const account = '000000000000';
export const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

export interface WorkerLine {
  readonly task: TaskView;
  readonly event: string;
  readonly pid: number;
  readonly [field: string]: unknown;
}

export interface TestPlane {
  readonly plane: ControlPlane;
  readonly lines: readonly WorkerLine[];
  /** Waits for news (a line, a change of state), then asks again. */
  until<T>(what: string, ask: () => T | undefined | false): Promise<T>;
  /** Registers a cluster `main`, a task definition and a service of it; the result is the service's name. */
  service(logicalId: string, environment?: Readonly<Record<string, string>>, more?: ServiceShape): string;
  line(event: string, service: string): Promise<WorkerLine>;
}

export interface ServiceShape {
  readonly stopTimeout?: number;
  readonly service?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export const startTestPlane = async (options: Partial<ControlPlaneOptions> = {}): Promise<TestPlane> => {
  const lines: WorkerLine[] = [];
  const waiting = new Set<() => void>();
  const news = (): void => {
    for (const ask of waiting) ask();
  };
  const buildDirectory = mkdtempSync(join(tmpdir(), 'sluice-plane-'));
  const plane = await startControlPlane({
    startDelaySeconds: { median: 0.05, p95: 0.1 },
    seed: 1,
    region,
    account,
    projectDirectory: import.meta.dirname,
    buildDirectory,
    taskEnvironment: () => ({ PATH: process.env.PATH ?? '' }),
    onTaskLine: (task, stream, line) => {
      if (stream === 'stdout' && line.startsWith('{')) lines.push({ ...JSON.parse(line), task });
      if (stream === 'stderr') console.error(line);
      news();
    },
    onChange: news,
    closeGraceSeconds: 2,
    ...options,
  });
  const until: TestPlane['until'] = (what, ask) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(look);
        reject(new Error(`waited in vain for ${what}`));
      }, 15_000);
      const look = (): void => {
        const found = ask();
        if (found === undefined || found === false) return;
        clearTimeout(timer);
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  plane.ecs.createCluster({ logicalId: 'main', Properties: {} });
  const close = async (): Promise<void> => {
    await plane.close();
    rmSync(buildDirectory, { recursive: true, force: true });
  };
  return {
    plane: { ...plane, close },
    lines,
    until,
    service: (logicalId, environment = {}, more = {}) => createTestService(plane, logicalId, environment, more),
    line: (event, service) =>
      until(`${event} of ${service}`, () =>
        lines.find((line) => line.event === event && line.task.service === service),
      ),
  };
};

const createTestService = (
  plane: ControlPlane,
  logicalId: string,
  environment: Readonly<Record<string, string>>,
  more: ServiceShape,
): string => {
  const TaskDefinition = plane.ecs.registerTaskDefinition(taskDefinition(`${logicalId}Task`, environment, more));
  const Properties = { Cluster: 'main', TaskDefinition, LaunchType: 'FARGATE', ...more.service };
  return plane.ecs.createService({ logicalId, Properties }).name;
};

export const taskDefinition = (
  logicalId: string,
  environment: Readonly<Record<string, string>>,
  more: ServiceShape = {},
): TemplateResource => ({
  logicalId,
  Properties: {
    Cpu: '256',
    Memory: '512',
    ContainerDefinitions: [
      {
        Name: 'worker',
        Image: 'public.ecr.aws/x/y:1',
        Essential: true,
        StopTimeout: more.stopTimeout ?? 30,
        Environment: Object.entries(environment).map(([Name, Value]) => ({ Name, Value })),
      },
    ],
  },
  Metadata: { 'sluice:local': { entry: 'worker.ts' }, ...more.metadata },
});
