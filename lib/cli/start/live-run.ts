import { localRegion } from '../../local/client-environment.ts';
import type { LocalCloud } from '../../local/local-cloud.ts';
import { createLoad, type Load, type LoadQueue } from '../../local/run/create-load.ts';
import { readQueueCounts } from '../../local/run/read-truth.ts';
import type { EpochSeconds } from '../../model/units.ts';
import type { RunSettings } from '../../report/run/run-record.ts';
import { functionTrouble } from './function-trouble.ts';
import { createJobStarts, type JobStarts } from './job-starts.ts';
import type { CloudListeners } from './open-cloud.ts';
import { createRunRecorder, type RunRecorder } from './run-recorder.ts';
import type { Screen } from './screen.ts';
import type { RunWorkload } from './workload-for.ts';

/** What is heard from the cloud's processes. It must exist before the cloud does: the first tick comes at once. */
export interface Hearing {
  readonly listeners: CloudListeners;
  readonly starts: JobStarts;
  /** The end has begun: what is killed from here on complains of nothing. */
  stopListening(): void;
  /** The last thing that a function or a worker complained of. */
  lastTrouble(): string | undefined;
  /** Hands each line of a worker's stdout on. */
  onWorkerLine(listener: (line: string) => void): void;
}

export const createHearing = (startedAt: EpochSeconds, screen: Screen): Hearing => {
  const starts = createJobStarts(startedAt);
  const workerLines: ((line: string) => void)[] = [starts.onWorkerLine];
  let lastTrouble: string | undefined;
  let listening = true;
  const trouble = (text: string): void => {
    if (!listening) return;
    // The same trouble comes back with each tick.
    if (text !== lastTrouble) screen.line(text);
    lastTrouble = text;
  };
  return {
    starts,
    stopListening: () => {
      listening = false;
    },
    lastTrouble: () => lastTrouble,
    onWorkerLine: (listener) => void workerLines.push(listener),
    listeners: {
      onFunctionLine: (name, line) => {
        const text = functionTrouble(line);
        if (text !== undefined) trouble(`${name}: ${text}`);
      },
      onInvocation: ({ functionName, result }) => {
        if (!result.ok) trouble(`${functionName} failed: ${result.error.errorType}: ${result.error.errorMessage}`);
      },
      onTaskLine: (task, stream, line) => {
        if (stream === 'stderr') trouble(`${task.service}, task ${task.id.slice(0, 8)}: ${line}`);
        else for (const listener of workerLines) listener(line);
      },
    },
  };
};

/** The load of a run, connected to the queues, the bucket and the workers of a cloud. */
export const connectLoad = (cloud: LocalCloud, bucket: string, workload: RunWorkload, hearing: Hearing): Load => {
  const queues = cloud.services.flatMap((service) =>
    service.queues.map((queue): [string, LoadQueue] => [queue.name, queue]),
  );
  const load = createLoad({
    clients: cloud.clients,
    bucket,
    queues: Object.fromEntries(queues),
    workload: workload.jobs,
  });
  hearing.onWorkerLine(load.onWorkerLine);
  return load;
};

export const connectRecorder = (
  settings: RunSettings,
  startedAt: EpochSeconds,
  cloud: LocalCloud,
  load: Load,
  hearing: Hearing,
): RunRecorder =>
  createRunRecorder(settings, startedAt, {
    bindings: cloud.services,
    region: localRegion,
    services: cloud.controlPlane.ecs.services,
    tasks: cloud.controlPlane.ecs.tasks,
    queueCounts: (url) => readQueueCounts(cloud.clients.sqs, url),
    starts: hearing.starts.of,
    jobs: () => load.accounts().services,
  });
