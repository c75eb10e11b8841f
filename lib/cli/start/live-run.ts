import { localRegion } from '../../local/client-environment.ts';
import type { LocalCloud } from '../../local/local-cloud.ts';
import { createLoad, type Load, type LoadQueue } from '../../local/run/create-load.ts';
import { readQueueCounts } from '../../local/run/read-truth.ts';
import type { EpochSeconds } from '../../model/units.ts';
import type { RunSettings } from '../../report/run/run-record.ts';
import { createJobStarts } from './job-starts.ts';
import { type LiveDecision, readFunctionLine } from './live-decisions.ts';
import type { CloudListeners } from './open-cloud.ts';
import { actionLine } from './plain-lines.ts';
import { createRunRecorder, type RunRecorder } from './run-recorder.ts';
import type { Screen } from './screen.ts';
import type { RunWorkload } from './workload-for.ts';

/** What is heard from the cloud's processes. It must exist before the cloud does: the first tick comes at once. */
export interface Hearing {
  readonly listeners: CloudListeners;
  readonly starts: ReturnType<typeof createJobStarts>;
  /** The last decision of each service. */
  readonly latest: ReadonlyMap<string, LiveDecision>;
  /** Resolves with the time of the first decision. */
  readonly firstDecision: Promise<EpochSeconds>;
  /** The last thing that a function complained of. */
  lastTrouble(): string | undefined;
  /** Hands each line of a worker's stdout on. */
  onWorkerLine(listener: (line: string) => void): void;
}

export const createHearing = (startedAt: EpochSeconds, screen: Screen): Hearing => {
  const starts = createJobStarts(startedAt);
  const workerLines: ((line: string) => void)[] = [starts.onWorkerLine];
  const latest = new Map<string, LiveDecision>();
  const first = Promise.withResolvers<EpochSeconds>();
  let lastTrouble: string | undefined;
  const trouble = (text: string): void => {
    // The same trouble comes back with each tick.
    if (text !== lastTrouble) screen.line(text);
    lastTrouble = text;
  };
  const decided = (decision: LiveDecision): void => {
    first.resolve(Date.now() / 1000);
    latest.set(decision.service, decision);
    if (decision.kind === 'scale') screen.event(actionLine({ ...decision, t: decision.at - startedAt }));
  };
  return {
    starts,
    latest,
    firstDecision: first.promise,
    lastTrouble: () => lastTrouble,
    onWorkerLine: (listener) => void workerLines.push(listener),
    listeners: {
      onFunctionLine: (name, line) => {
        const heard = readFunctionLine(name, line);
        if (heard === undefined) return;
        if ('functionName' in heard) trouble(`${name}: ${heard.text}`);
        else decided(heard);
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
