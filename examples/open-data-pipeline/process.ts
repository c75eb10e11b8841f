import { runStage } from './stage.ts';

await runStage({ seconds: () => 0.4, next: 'export' });
