import { systemClock } from '../clock.ts';
import { trackJobs } from '../track/track-jobs.ts';
import { writeToStdout } from '../worker-log.ts';
import { startSidecar } from './sidecar-server.ts';

/**
 * The sidecar as a program: a second container of the task, or a process beside the worker. Its environment is that of
 * a worker container; `SLUICE_SIDECAR_PORT` is where it listens (9911).
 */
const service = process.env.SLUICE_SERVICE ?? '';
const tracker = trackJobs();
const sidecar = await startSidecar({
  tracker,
  port: Number(process.env.SLUICE_SIDECAR_PORT ?? 9911),
  clock: systemClock,
});
writeToStdout({ sluice: 'health', service, at: systemClock.now(), sidecar: true, port: sidecar.port });

const stop = async (reason: string): Promise<void> => {
  writeToStdout({ sluice: 'stopping', service, at: systemClock.now(), reason, running: tracker.active });
  await tracker.stop();
  writeToStdout({ sluice: 'stopped', service, at: systemClock.now() });
  process.stdout.write('', () => process.exit(0));
};
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal));
