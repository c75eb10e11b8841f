import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../lib/config/load.ts';
import { parseConfig } from '../../lib/config/parse-config.ts';
import { importFiles } from '../../lib/import/import-files.ts';
import type { ServicePlan } from '../../lib/model/plan.ts';
import type { Policy } from '../../lib/model/policy.ts';

/**
 * Goal: the HPA file of each of the five systems imports to its preset.
 * Method: fixtures made from the figures of the requirements; bounds, followed signals and pace are compared as plans.
 */
const presets = ['media-downloader', 'llm-governance', 'media-converter', 'web-collector', 'open-data-pipeline'];

const importedPlan = (preset: string): ServicePlan => {
  const name = `${preset}.yaml`;
  const text = readFileSync(`test/import/fixtures/presets/${name}`, 'utf8');
  const parsed = parseConfig(importFiles([{ name, text }], { now: '2026-11-21T00:00:00Z' }).config);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.plans[0] as ServicePlan;
};

const tracking = (policy: Policy): Policy | undefined =>
  'of' in policy
    ? policy.of.map(tracking).find((found) => found)
    : policy.type === 'targetTracking'
      ? policy
      : undefined;

describe.each(presets)('%s', (preset) => {
  it('its HPA imports to its bounds, signals and pace', async () => {
    const own = importedPlan(preset);
    const { plans } = await loadConfig(`examples/${preset}/sluice.config.ts`);
    const plan = plans.find(({ service }) => service === own.service);
    expect(plan).toMatchObject({ tasks: own.tasks, behavior: own.behavior });
    expect(plan && tracking(plan.policy)).toEqual(own.policy);
  });
});
