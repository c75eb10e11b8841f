import { relative } from 'node:path';
import type { Command } from 'commander';
import type { LocalCloud } from '../local/local-cloud.ts';
import type { RunRecord } from '../report/run/run-record.ts';
import { closingLines } from './start/closing-lines.ts';
import { collectResults, interruptedResults } from './start/collect-results.ts';
import { conductRun } from './start/conduct-run.ts';
import { killEverything } from './start/kill-everything.ts';
import { leftOutLines } from './start/left-out.ts';
import { connectLoad, connectRecorder, createHearing } from './start/live-run.ts';
import { openCloud } from './start/open-cloud.ts';
import { openTour, withTourJobs } from './start/open-tour.ts';
import { openingLines, serviceLines, settingsOf } from './start/opening-lines.ts';
import { findPayloadBucket } from './start/payload-bucket.ts';
import { knownExamples, readRequest, type StartOptions, type StartRequest } from './start/request.ts';
import { openScreen, type Screen } from './start/screen.ts';
import { jobApiLines } from './start/tour.ts';
import { type StopWatch, watchForStop } from './start/watch-for-stop.ts';
import { workloadFor } from './start/workload-for.ts';
import { writeOutputs } from './start/write-outputs.ts';

export const define = (command: Command): void => {
  command
    .option('--example <name>', exampleHelp())
    .option('--config <file>', 'a config of your own instead; its jobs have bodies {payloadKey, seconds}')
    .option('--minutes <n>', 'how long the squeezed day lasts', '2')
    .option('--trace <file>', 'send what this CSV says instead (second,jobs[,mean_service_s]), squeezed into the run')
    .option('--seed <n>', 'equal seeds send equal jobs', '1')
    .option('--start-seconds <n>', 'what a task takes to start, as a median', '3')
    .option(
      '--kill-one-at <seconds>',
      'kill a busy worker then; may be repeated',
      (at, all: string[]) => [...all, at],
      [],
    )
    .option('--out <directory>', 'where summary.json and report/index.html go', 'out')
    .option('--json', 'print the summary as one JSON document, and all else on stderr')
    .action(async (options: StartOptions) => {
      process.exitCode = await start(readRequest(options));
    });
};

const exampleHelp = (): string => {
  const examples = knownExamples();
  return examples.length > 0
    ? `one of ${examples.join(', ')} (default: quickstart)`
    : 'the examples are in the repository, not in this package (default: --config sluice.config.ts)';
};

/** Runs the local cloud under a load until all is done, and returns the exit code. */
const start = async (request: StartRequest): Promise<number> => {
  let cloud: LocalCloud | undefined;
  const stop = watchForStop((reason) => killEverything(cloud, reason.exitCode));
  const screen = openScreen(request.json);
  try {
    const leftOut = await leftOutLines(request);
    for (const line of [...openingLines(request), ...leftOut]) screen.line(line);
    const record = await run(request, screen, stop, (opened) => {
      cloud = opened;
    });
    if (record === undefined) return stop.reason()?.exitCode ?? 1;
    return finish(request, screen, record, stop);
  } finally {
    screen.close();
    await cloud?.stop();
    stop.close();
  }
};

/** From the first line to the last job. Undefined: it was stopped before there was anything to tell. */
const run = async (
  request: StartRequest,
  screen: Screen,
  stop: StopWatch,
  onOpen: (cloud: LocalCloud) => void,
): Promise<RunRecord | undefined> => {
  const startedAt = performance.timeOrigin / 1000;
  const hearing = createHearing(startedAt, screen);
  const cloud = await openCloud(request, hearing.listeners, stop.signal).catch((error: unknown) => {
    if (stop.signal.aborted) return undefined;
    throw error;
  });
  if (cloud === undefined) return undefined;
  onOpen(cloud);
  for (const line of serviceLines(cloud)) screen.line(line);
  for (const line of await jobApiLines(cloud, stop.signal)) screen.line(line);

  const workload = await workloadFor(request, cloud.services);
  if (workload.note !== undefined) screen.line(workload.note);
  const bucket = await findPayloadBucket(cloud);
  const load = connectLoad(cloud, bucket.name, workload, hearing);
  const settings = settingsOf(request);
  const recorder = connectRecorder(settings, startedAt, cloud, load, hearing);
  const tour = await openTour(request, cloud, screen, stop.signal);
  const outcome = await conductRun({
    ...{ request, startedAt, cloud, load, recorder, hearing, screen, signal: stop.signal },
    ...(tour && { takeTour: tour.take }),
  });
  const interrupted = stop.reason()?.text;
  const results =
    interrupted === undefined
      ? await collectResults({ cloud, load, startedAt, hasResults: bucket.hasResults })
      : await interruptedResults({ cloud, load, startedAt });
  const tourJobs = interrupted === undefined ? ((await tour?.jobs()) ?? {}) : {};
  hearing.stopListening();
  await cloud.stop();
  return recorder.record(
    {
      ...outcome,
      problems: [...outcome.problems, ...results.problems],
      ...(interrupted === undefined ? {} : { interrupted }),
    },
    { ...results, jobs: withTourJobs(results.jobs, cloud, tourJobs) },
  );
};

const finish = (request: StartRequest, screen: Screen, record: RunRecord, stop: StopWatch): number => {
  const summary = writeOutputs(record, request.outDirectory);
  screen.close();
  for (const line of closingLines(summary, shortPath(request.outDirectory))) screen.line(line);
  if (request.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  return stop.reason()?.exitCode ?? (summary.run.finished ? 0 : 1);
};

const shortPath = (path: string): string => {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
};
