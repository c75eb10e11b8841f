import { fileURLToPath } from 'node:url';
import type { App } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { createApp } from '../../lib/constructs/sluice-app.ts';
import { type ServiceSpec, SluiceStack, type SluiceStackProps } from '../../lib/constructs/sluice-stack.ts';
import type { ServicePlan } from '../../lib/model/plan.ts';

const pace = { stabilizationSeconds: 0, cooldownSeconds: 0, select: 'max', policies: [], tolerance: 0 } as const;

export const planOf = (service: string, changes: Partial<ServicePlan> = {}): ServicePlan => ({
  service,
  mode: 'act',
  tickSeconds: 10,
  queues: [{ name: service, percent: 99, startWithinSeconds: 60, fifo: false }],
  worker: { cpu: 512, memoryMiB: 1024, concurrency: 4, stopTimeoutSeconds: 120, architecture: 'arm64' },
  tasks: { min: 0, max: 50 },
  priority: 'normal',
  policy: { type: 'slo' },
  behavior: { scaleOut: pace, scaleIn: pace },
  calendar: { timeZone: 'Europe/Copenhagen', holidays: [] },
  schedule: [],
  uses: {},
  events: [],
  ...changes,
});

/** The reference schedule of the requirements: three sizes, one of them the service's own. */
export const sizedPlan: Partial<ServicePlan> = {
  schedule: [
    { name: 'business', days: 'weekdays', fromMinute: 480, toMinute: 1080, size: { cpu: 1024, memoryMiB: 2048 } },
    { name: 'weekend', days: 'weekends', size: { cpu: 256, memoryMiB: 512 } },
    { name: 'off hours', days: 'every', size: { cpu: 512, memoryMiB: 1024 } },
  ],
};

export const danishCalendar: ServicePlan['calendar'] = {
  timeZone: 'Europe/Copenhagen',
  holidays: ['2026-12-24', '2026-12-25'],
  place: { country: 'DK' },
};

export const specOf = (service: string, changes: Partial<ServicePlan> = {}): ServiceSpec => ({
  plan: planOf(service, changes),
  source: { image: 'public.ecr.aws/x/y:1' },
});

/** An app with the flags of the real one; validation costs seconds, so only the tests that mean it turn it on. */
export const testApp = (): App => createApp({ outdir: undefined, builtinCloudFormationValidation: false });

export const stackOf = (
  services: readonly ServiceSpec[],
  props: Partial<SluiceStackProps> = {},
  app: App = testApp(),
): SluiceStack => new SluiceStack(app, 'sluice', { code: lambda.Code.fromAsset(fixtureFunction), services, ...props });

/** A ready function folder: the template does not care what is in it. */
export const fixtureFunction: string = fileURLToPath(new URL('fixtures/functions/ready', import.meta.url));
