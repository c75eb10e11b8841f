import { runApp } from '../../lib/constructs/sluice-app.ts';
import { sluiceStack } from '../../lib/constructs/sluice-from-config.ts';

await runApp((app) => sluiceStack(app, { config: 'examples/open-data-pipeline/sluice.config.ts' }));
