import { runApp } from '../../lib/constructs/sluice-app.ts';
import { sluiceStack } from '../../lib/constructs/sluice-from-config.ts';

// The app of bin/app.ts with every ECS service changed in its own properties, so that CloudFormation updates it: only
// then could a DesiredCount in the template do harm.
await runApp((app) => sluiceStack(app, { assignPublicIp: false }));
