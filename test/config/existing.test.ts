import { describe, expect, it } from 'vitest';
import { existingNames, existingQueues } from '../../lib/config/existing.ts';
import { parseConfig, toServicePlan } from '../../lib/config/parse-config.ts';
import type { Config } from '../../lib/config/schema/config-schema.ts';

type Service = Config['services'][string];

const parsed = (service: Service) => {
  const good = parseConfig({ services: { convert: service } });
  if (!good.ok) throw new Error(JSON.stringify(good.issues));
  const checked = good.config.services.convert;
  if (!checked) throw new Error('no service');
  return { plan: good.plans[0], checked, warnings: good.warnings.map(({ code }) => code) };
};

const existing = { cluster: 'prod', service: 'convert-workers' };
const arn = 'arn:aws:sqs:eu-central-1:123456789012:orders.fifo';
const url = 'https://sqs.eu-central-1.amazonaws.com/123456789012/orders.fifo';

describe('an existing queue', () => {
  it.each<readonly [string, Service, string, object | undefined]>([
    ['by name', { queue: { name: 'q', existing: true } }, 'q', { name: 'q', fifo: false }],
    ['by ARN', { queue: { arn } }, 'orders.fifo', { name: 'orders.fifo', arn, fifo: true }],
    ['by URL', { queue: { url } }, 'orders.fifo', { name: 'orders.fifo', url, fifo: true }],
    ['under a name of its own', { queue: { name: 'orders', arn } }, 'orders', { name: 'orders.fifo', arn, fifo: true }],
    ['of an existing service', { existing, queue: { name: 'q' } }, 'q', { name: 'q', fifo: false }],
    ['one of several', { existing, queues: [{ arn }, { name: 'b' }] }, 'b', { name: 'b', fifo: false }],
    ['that is not: Sluice makes it', { queue: { name: 'q' } }, 'q', undefined],
    ['that is not, without a word', {}, 'convert', undefined],
  ])('%s', (_, service, name, address) => {
    const { plan, checked } = parsed(service);
    const queue = plan?.queues.find((one) => one.name === name);
    expect(queue).toBeDefined();
    expect(existingQueues('convert', checked).get(name)).toEqual(address);
    if (address) expect(address).toMatchObject({ fifo: queue?.fifo });
  });
});

describe('an existing service', () => {
  it.each([
    [existing, { cluster: 'prod', service: 'convert-workers' }],
    [
      { service: 'arn:aws:ecs:eu-central-1:123456789012:service/prod/convert' },
      { cluster: 'prod', service: 'convert', serviceArn: 'arn:aws:ecs:eu-central-1:123456789012:service/prod/convert' },
    ],
    [
      { cluster: 'arn:aws:ecs:eu-central-1:123456789012:cluster/prod', service: 'convert' },
      { cluster: 'prod', service: 'convert' },
    ],
  ])('%j', (given, names) => {
    expect(existingNames(given)).toEqual(names);
  });

  it('in five lines: everything else has its default, and what is assumed is said', () => {
    const { plan, warnings } = parsed({ existing, queue: { name: 'convert-jobs' }, mode: 'shadow' });
    expect(plan).toMatchObject({ mode: 'shadow', reports: false, policy: { type: 'slo' }, tasks: { min: 0, max: 10 } });
    expect(warnings).toEqual(expect.arrayContaining(['noLocalRun', 'sizeAssumed', 'serviceTimeAssumed']));
  });

  it('with its priors says no more of run times', () => {
    const startDelaySeconds = { median: 40, p95: 90 };
    const { plan, warnings } = parsed({
      existing,
      queue: { name: 'q' },
      worker: { cpu: 512, memoryMiB: 1024, concurrency: 4 },
      priors: { serviceSeconds: 20, startDelaySeconds },
    });
    expect(plan?.priors).toEqual({ serviceSeconds: 20, startDelaySeconds });
    expect(warnings).not.toContain('serviceTimeAssumed');
    expect(warnings).not.toContain('sizeAssumed');
  });
});

it('one service in the words of the config is a plan, or all that is wrong with it', () => {
  expect(toServicePlan('convert', {}, { tickSeconds: 30 })).toMatchObject({ service: 'convert', tickSeconds: 30 });
  expect(() => toServicePlan('convert', { tasks: { max: -1 } })).toThrow('services.convert.tasks.max: found -1');
});
