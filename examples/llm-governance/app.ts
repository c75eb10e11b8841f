import { runApp } from '../../lib/constructs/sluice-app.ts';
import { sluiceStack } from '../../lib/constructs/sluice-from-config.ts';

await runApp(async (app) => {
  const stack = await sluiceStack(app, { config: 'examples/llm-governance/sluice.config.ts' });
  // On this machine nobody asks: the tasks ask themselves.
  if (app.node.tryGetContext('sluice:local') === 'true') stack.worker('govern').addEnvironment('OWN_REQUESTS', '20');
});
