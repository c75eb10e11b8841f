import { runApp } from '../../lib/constructs/sluice-app.ts';
import { sluiceStack } from '../../lib/constructs/sluice-from-config.ts';
import { chainStages } from './chain-stages.ts';

await runApp(async (app) => {
  chainStages(await sluiceStack(app, { config: 'examples/open-data-pipeline/sluice.config.ts' }));
});
