import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalCloud } from '../../local/local-cloud.ts';
import type { Load } from '../../local/run/create-load.ts';
import type { DecisionRecord } from '../../model/decision.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import { duration } from '../../report/run/format.ts';
import type { TourStep } from '../../report/run/run-record.ts';
import type { RunPhase } from '../../report/run/run-snapshot.ts';
import { isAction } from '../../report/run/summary.ts';
import { createChaos } from './chaos.ts';
import { decisionTable } from './decision-table.ts';
import type { Hearing } from './live-run.ts';
import { actionLine } from './plain-lines.ts';
import type { StartRequest } from './request.ts';
import type { RunOutcome, RunRecorder } from './run-recorder.ts';
import type { Screen } from './screen.ts';
import { snapshotOf } from './snapshot-of.ts';
import { tailDecisions } from './tail-decisions.ts';
import { unrestOf } from './unrest.ts';

export interface RunParts {
  readonly request: StartRequest;
  readonly startedAt: EpochSeconds;
  readonly cloud: LocalCloud;
  readonly load: Load;
  readonly recorder: RunRecorder;
  readonly hearing: Hearing;
  readonly screen: Screen;
  /** Shows the job API while the load is sent. */
  readonly takeTour?: (signal: AbortSignal) => Promise<readonly TourStep[]>;
  readonly signal: AbortSignal;
}

const sampleEverySeconds: Seconds = 1;
const followEverySeconds: Seconds = 0.5;
const shownChanges = 3;
const redrawEverySeconds: Seconds = 0.25;
/** A tick function that works decides within seconds; without one there is nothing to see. */
const firstDecisionSeconds: Seconds = 30;
/** Jobs may be worked off and tasks stopped for this long beyond the time that was asked for. */
const graceSeconds: Seconds = 120;

/** Sends the jobs, shows how it goes, and waits until everything is at rest. Returns early when `signal` says so. */
export const conductRun = async (parts: RunParts): Promise<RunOutcome> => {
  const { load, startedAt, signal } = parts;
  const ended = new AbortController();
  const state: RunState = {
    phase: 'sending',
    problems: [],
    latest: new Map(),
    changes: new Map(),
    decided: Promise.withResolvers(),
  };
  const watching = Promise.all([
    watch(parts, state, ended.signal),
    follow(parts, state, ended.signal),
    draw(parts, state, ended.signal),
  ]);
  try {
    const course = unlessAborted(signal, async () => {
      await Promise.all([sendAll(parts, state), expectDecision(parts, state, ended.signal), tour(parts, state)]);
      state.phase = 'draining';
      state.problems = [...tourProblems(state.tour), ...(await drain(parts, state))];
    });
    // The watchers go on until they are told to end; if they end before, one of them broke.
    await Promise.race([course, watching]);
  } catch (error) {
    if (!(error instanceof NoDecision)) throw error;
    state.problems = [error.message];
  } finally {
    load.stop();
    ended.abort();
    await watching;
  }
  const { phase: _1, latest: _2, decided: _3, changes: _4, ...outcome } = state;
  return { ...outcome, endedT: nowSeconds() - startedAt };
};

interface RunState {
  phase: RunPhase;
  problems: readonly string[];
  jobsFromT?: Seconds;
  firstDecisionT?: Seconds;
  tour?: readonly TourStep[];
  /** The last decision of each service. */
  readonly latest: Map<string, DecisionRecord>;
  /** The newest actions of each service, newest first. */
  readonly changes: Map<string, readonly DecisionRecord[]>;
  /** Resolves with the first decision. */
  readonly decided: PromiseWithResolvers<void>;
}

const sendAll = async ({ load, startedAt }: RunParts, state: RunState): Promise<void> => {
  state.jobsFromT = nowSeconds() - startedAt;
  await load.start();
};

/** What it showed to be wrong is a problem of the run. */
const tour = async ({ takeTour, signal }: RunParts, state: RunState): Promise<void> => {
  if (takeTour === undefined) return;
  state.tour = await takeTour(signal);
};

class NoDecision extends Error {}

const expectDecision = async ({ hearing }: RunParts, { decided }: RunState, signal: AbortSignal): Promise<void> => {
  const tooLate = sleep(firstDecisionSeconds * 1000, 'late', { signal }).catch(() => 'ended');
  if ((await Promise.race([decided.promise, tooLate])) !== 'late') return;
  const trouble = hearing.lastTrouble();
  throw new NoDecision(
    `No decision was made within ${duration(firstDecisionSeconds)}.${trouble === undefined ? '' : ` The last that was heard: ${trouble}`}`,
  );
};

const tourProblems = (steps: readonly TourStep[] = []): readonly string[] =>
  steps.filter(({ ok }) => !ok).map(({ name, text }) => `Job API, ${name}: ${text}`);

/** Empty when everything came to rest, else what did not within the grace. */
const drain = async (parts: RunParts, state: RunState): Promise<readonly string[]> => {
  const { request, startedAt, signal } = parts;
  const until = Math.max(startedAt + (state.jobsFromT ?? 0) + request.minutes * 60, nowSeconds()) + graceSeconds;
  for (;;) {
    const unrest = currentUnrest(parts);
    if (unrest.length === 0 || signal.aborted) return [];
    if (nowSeconds() > until) return [...unrest, `That is ${duration(graceSeconds)} more than was asked for.`];
    await sleep(sampleEverySeconds * 500);
  }
};

const currentUnrest = ({ cloud, load, recorder }: RunParts): readonly string[] => {
  const jobs = load.accounts().services;
  return cloud.services.flatMap((service) =>
    unrestOf(service, jobs[service.name], recorder.lastSample(service.name), nowSeconds()),
  );
};

/** Samples once a second and lets accidents happen. */
const watch = async (parts: RunParts, state: RunState, ended: AbortSignal): Promise<void> => {
  const { recorder, request, cloud, startedAt, screen } = parts;
  const strike = createChaos(request.killOneAt, cloud.controlPlane.ecs);
  while (!ended.aborted) {
    await recorder.sample(nowSeconds());
    const sinceFirstJob = nowSeconds() - startedAt - (state.jobsFromT ?? Number.POSITIVE_INFINITY);
    for (const task of strike(sinceFirstJob)) {
      const service = cloud.services.find(({ ecsService }) => ecsService === task.service)?.name ?? task.service;
      screen.line(`Chaos: killed a busy worker of ${service} with SIGKILL (task ${task.id.slice(0, 8)}).`);
    }
    await sleep(sampleEverySeconds * 1000, undefined, { signal: ended }).catch(() => {});
  }
  // The last instant belongs into the picture too.
  await recorder.sample(nowSeconds());
};

/** Reads the decision log as it grows. */
const follow = async (parts: RunParts, state: RunState, ended: AbortSignal): Promise<void> => {
  const { cloud, startedAt, screen } = parts;
  const table = decisionTable(cloud);
  const tails = cloud.services.map(({ name }) => tailDecisions(cloud.clients.dynamoDb, table, name, startedAt));
  while (!ended.aborted) {
    // A look that fails is made up for by the next one.
    const news = await Promise.all(tails.map((tail) => tail().catch(() => [])));
    for (const record of news.flat()) heard(record, state, startedAt, screen);
    await sleep(followEverySeconds * 1000, undefined, { signal: ended }).catch(() => {});
  }
};

const heard = (record: DecisionRecord, state: RunState, startedAt: EpochSeconds, screen: Screen): void => {
  const { decision } = record;
  if (state.firstDecisionT === undefined) {
    state.firstDecisionT = nowSeconds() - startedAt;
    state.decided.resolve();
    screen.line(`First decision after ${duration(state.firstDecisionT)}: ${decision.service}: ${decision.summary}`);
  }
  state.latest.set(decision.service, record);
  if (!isAction(record)) return;
  state.changes.set(decision.service, [record, ...(state.changes.get(decision.service) ?? [])].slice(0, shownChanges));
  screen.event(actionLine({ ...decision, t: decision.at - startedAt }));
};

const draw = async (parts: RunParts, state: RunState, ended: AbortSignal): Promise<void> => {
  const { recorder, request, screen, startedAt } = parts;
  const show = (): void => {
    const record = recorder.record({ ...state, endedT: nowSeconds() - startedAt });
    const { phase } = state;
    const now = {
      phase,
      sendSeconds: request.minutes * 60,
      workerCores: recorder.workerCores(),
      latest: state.latest,
      changes: state.changes,
    };
    screen.show(snapshotOf(record, now));
  };
  while (!ended.aborted) {
    show();
    await sleep(redrawEverySeconds * 1000, undefined, { signal: ended }).catch(() => {});
  }
  state.phase = parts.signal.aborted ? 'stopping' : 'finished';
  show();
};

/** Resolves when the work is done or the signal came, whichever is first. */
const unlessAborted = async (signal: AbortSignal, work: () => Promise<void>): Promise<void> => {
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([signal.aborted ? undefined : work(), aborted]);
};

const nowSeconds = (): EpochSeconds => Date.now() / 1000;
