import { benchWorker } from './bench-worker.ts';

const t = await benchWorker();
const line = (what: string, text: string): void => console.log(what.padEnd(28), text);
line('bare receive-delete loop', `${t.bareJobsPerSecond.toFixed(0)} jobs/s`);
line('runtime, no-op handler', `${t.workerJobsPerSecond.toFixed(0)} jobs/s, ${(100 * t.ratio).toFixed(0)} % of it`);
line('CPU for the same jobs', `${t.cpuRatio.toFixed(2)} × that of the bare loop`);
line('RSS of bare Node', `${t.bareNodeMiB.toFixed(0)} MiB`);
line('RSS of the runtime, idle', `${t.idleWorkerMiB.toFixed(0)} MiB`);
line('RSS of the runtime, at work', `${t.workerMiB.toFixed(0)} MiB (the bare loop: ${t.bareLoopMiB.toFixed(0)})`);
