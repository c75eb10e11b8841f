import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Seconds } from '../../model/units.ts';
import { systemClock } from '../clock.ts';
import { newBeaconClient } from '../new-clients.ts';
import { type WorkerLog, writeToStdout } from '../worker-log.ts';
import { readSignalSettings } from '../worker-settings.ts';
import { dynamoSignals } from './dynamo-signals.ts';
import { createSignalBeacon, type Gauges, type ReportSignals } from './signal-beacon.ts';

export interface ReportSignalsOptions {
  /** Values that are asked for once a window. */
  readonly signals?: Gauges;
  readonly service?: string;
  readonly table?: string;
  /** Length of a window. Default: `SLUICE_SIGNAL_SECONDS`, else 60. */
  readonly signalSeconds?: Seconds;
  /** Give it `maxAttempts: 1`, or a write that timed out may be counted twice. */
  readonly dynamodb?: DynamoDBClient;
  /** Default: JSON lines on stdout. */
  readonly log?: WorkerLog;
  /** Default: the process' environment. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** What a program reports with, until it stops. */
export interface SignalReporter {
  readonly report: ReportSignals;
  stop(): void;
}

/**
 * Custom signals from a task that is no queue worker, such as a web server: `runWorker` has the same built in.
 * Without a table (outside ECS) nothing is reported. It keeps no process alive.
 * @throws BadInput when the environment and the options do not say which service this is.
 */
export const reportSignals = (options: ReportSignalsOptions = {}): SignalReporter => {
  const { service, table, signalSeconds } = readSignalSettings(options, options.environment ?? process.env);
  const writeLine = options.log ?? writeToStdout;
  const stopping = new AbortController();
  const beacon = createSignalBeacon({
    port: table === undefined ? undefined : dynamoSignals(options.dynamodb ?? newBeaconClient(), table, service),
    periodSeconds: signalSeconds,
    gauges: options.signals ?? {},
    clock: { now: systemClock.now, sleep: sleepUnheld },
    uniform: Math.random,
    log: (event, details = {}) => writeLine({ sluice: event, service, at: systemClock.now(), ...details }),
  });
  void beacon.run(stopping.signal);
  return { report: beacon.report, stop: () => stopping.abort() };
};

/** Like the system clock's, but the wait alone keeps no process alive. */
const sleepUnheld = (seconds: Seconds, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.max(0, seconds) * 1000);
    timer.unref();
    if (signal?.aborted) resolve();
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
