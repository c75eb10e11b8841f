import { runStage } from './stage.ts';

// One page of the API, as long as its message says.
await runStage({ seconds: (job) => (JSON.parse(job.body) as { readonly seconds: number }).seconds, next: 'process' });
