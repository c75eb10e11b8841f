import { runApp } from '../lib/constructs/sluice-app.ts';
import { sluiceStack } from '../lib/constructs/sluice-from-config.ts';

// The CDK app: one stack from sluice.config.ts, or from the file in `-c config=FILE`.
await runApp((app) => sluiceStack(app));
