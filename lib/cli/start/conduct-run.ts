import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalCloud } from '../../local/local-cloud.ts';
import type { Load } from '../../local/run/create-load.ts';
import type { EpochSeconds, Seconds } from '../../model/units.ts';
import { duration } from '../../report/run/format.ts';
import type { RunPhase } from '../../report/run/run-snapshot.ts';
import { createChaos } from './chaos.ts';
import type { Hearing } from './live-run.ts';
import type { StartRequest } from './request.ts';
import type { RunOutcome, RunRecorder } from './run-recorder.ts';
import type { Screen } from './screen.ts';
import { snapshotOf } from './snapshot-of.ts';
import { unrestOf } from './unrest.ts';

export interface RunParts {
  readonly request: StartRequest;
  readonly startedAt: EpochSeconds;
  readonly cloud: LocalCloud;
  readonly load: Load;
  readonly recorder: RunRecorder;
  readonly hearing: Hearing;
  readonly screen: Screen;
  readonly signal: AbortSignal;
}

const sampleEverySeconds: Seconds = 1;
const redrawEverySeconds: Seconds = 0.25;
/** A tick function that works decides within seconds; without one there is nothing to see. */
const firstDecisionSeconds: Seconds = 30;
/** Jobs may be worked off and tasks stopped for this long beyond the time that was asked for. */
const graceSeconds: Seconds = 90;

/** Sends the jobs, shows how it goes, and waits until everything is at rest. Returns early when `signal` says so. */
export const conductRun = async (parts: RunParts): Promise<RunOutcome> => {
  const { load, screen, hearing, startedAt, signal } = parts;
  const ended = new AbortController();
  const state: RunState = { phase: 'sending', problems: [] };
  const watching = [watch(parts, state, ended.signal), draw(parts, state, ended.signal)];
  void hearing.firstDecision.then((at) => {
    state.firstDecisionT = at - startedAt;
    screen.line(`First decision after ${duration(state.firstDecisionT)}.`);
  });
  try {
    await unlessAborted(signal, async () => {
      await Promise.all([sendAll(parts, state), expectDecision(parts, ended.signal)]);
      state.phase = 'draining';
      state.problems = await drain(parts, state);
    });
  } catch (error) {
    if (!(error instanceof NoDecision)) throw error;
    state.problems = [error.message];
  } finally {
    load.stop();
    ended.abort();
    await Promise.all(watching);
  }
  const { phase: _, ...outcome } = state;
  return { ...outcome, endedT: nowSeconds() - startedAt };
};

interface RunState {
  phase: RunPhase;
  problems: readonly string[];
  jobsFromT?: Seconds;
  firstDecisionT?: Seconds;
}

const sendAll = async ({ load, startedAt }: RunParts, state: RunState): Promise<void> => {
  state.jobsFromT = nowSeconds() - startedAt;
  await load.start();
};

class NoDecision extends Error {}

const expectDecision = async ({ hearing }: RunParts, signal: AbortSignal): Promise<void> => {
  const tooLate = sleep(firstDecisionSeconds * 1000, 'late', { signal }).catch(() => 'ended');
  if ((await Promise.race([hearing.firstDecision, tooLate])) !== 'late') return;
  const trouble = hearing.lastTrouble();
  throw new NoDecision(
    `No decision was made within ${duration(firstDecisionSeconds)}.${trouble === undefined ? '' : ` The last that was heard: ${trouble}`}`,
  );
};

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
      screen.line(`Chaos: killed a busy worker of ${task.service} with SIGKILL (task ${task.id.slice(0, 8)}).`);
    }
    await sleep(sampleEverySeconds * 1000, undefined, { signal: ended }).catch(() => {});
  }
  // The last instant belongs into the picture too.
  await recorder.sample(nowSeconds());
};

const draw = async (parts: RunParts, state: RunState, ended: AbortSignal): Promise<void> => {
  const { recorder, request, hearing, screen, startedAt } = parts;
  const show = (): void => {
    const record = recorder.record({ ...state, endedT: nowSeconds() - startedAt });
    const { phase } = state;
    const now = {
      phase,
      sendSeconds: request.minutes * 60,
      workerCores: recorder.workerCores(),
      latest: hearing.latest,
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
