import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../lib/config/load.ts';
import { createApp } from '../../lib/constructs/sluice-app.ts';
import { serviceSpecs } from '../../lib/constructs/sluice-from-config.ts';
import { SluiceStack } from '../../lib/constructs/sluice-stack.ts';

/** Goal: each of the five presets makes a template, and the pipeline's stages may send to the next one. */
const presets = ['media-downloader', 'llm-governance', 'media-converter', 'web-collector', 'open-data-pipeline'];
const stacks = new Map<string, SluiceStack>();

beforeAll(async () => {
  const app = createApp();
  for (const preset of presets) {
    const loaded = await loadConfig(`examples/${preset}/sluice.config.ts`);
    const code = lambda.Code.fromInline('exports.handler = 0');
    stacks.set(preset, new SluiceStack(app, preset, { ...serviceSpecs(loaded), code }));
  }
});
const stackOf = (preset: string): SluiceStack => stacks.get(preset) as SluiceStack;

it.each(presets)('%s', (preset) => {
  const services = Template.fromStack(stackOf(preset)).findResources('AWS::ECS::Service');
  expect(Object.keys(services)).toHaveLength(preset === 'open-data-pipeline' ? 3 : 1);
});

it('each stage of the pipeline knows the queue of the next', () => {
  const template = JSON.stringify(Template.fromStack(stackOf('open-data-pipeline')).toJSON());
  // fetch has three task definitions, one a size of its schedule; process one for each size between its bounds.
  expect(template.match(/"SLUICE_NEXT_QUEUES"/g)).toHaveLength(3 + 20);
});
