import type { ServiceLoad } from '../../lib/simulate/workload.ts';

/** No queue, no jobs: in a local run the tasks ask themselves (worker.ts). */
export const load: readonly ServiceLoad[] = [];
