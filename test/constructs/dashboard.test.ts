import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../lib/config/parse-config.ts';
import { specOf, stackOf } from './fixtures.ts';
import { resolved } from './resolved.ts';

interface Widget {
  readonly type: 'metric' | 'log' | 'text';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly query?: string;
    readonly region?: string;
    readonly metrics?: readonly (readonly unknown[])[];
    readonly annotations?: { readonly horizontal: readonly { readonly value: number; readonly label: string }[] };
  };
}

const pagesOf = (template: Template) =>
  Object.values(template.findResources('AWS::CloudWatch::Dashboard')).map(({ Properties }) => ({
    name: resolved(Properties.DashboardName),
    widgets: (JSON.parse(resolved(Properties.DashboardBody)) as { widgets: Widget[] }).widgets,
  }));

const template = Template.fromStack(
  stackOf([specOf('convert'), specOf('scan', { mode: 'shadow', alerts: { numbers: { cpuWarning: 55 } } })], {
    dashboard: true,
  }),
);
const [page] = pagesOf(template);
const widgets = page?.widgets ?? [];

/** What AWS publishes without being paid for it (facts/aws.md). */
const freeMetrics: Readonly<Record<string, readonly string[]>> = {
  'AWS/ECS': ['CPUUtilization', 'MemoryUtilization'],
  'AWS/SQS': [
    'ApproximateNumberOfMessagesVisible',
    'ApproximateNumberOfMessagesNotVisible',
    'ApproximateAgeOfOldestMessage',
    'NumberOfMessagesSent',
    'NumberOfMessagesDeleted',
  ],
  'AWS/Lambda': ['Invocations', 'Errors'],
};

describe('the dashboard', () => {
  test('is made only when asked for', () => {
    Template.fromStack(stackOf([specOf('convert')])).resourceCountIs('AWS::CloudWatch::Dashboard', 0);
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
    const parsed = parseConfig({ dashboard: true, services: { a: {} } });
    expect(parsed.ok && parsed.config.dashboard).toBe(true);
    const usual = parseConfig({ services: { a: {} } });
    expect(usual.ok && usual.config.dashboard).toBe(false);
  });

  test('shows metrics that exist and are free, of resources of this template', () => {
    const metrics = widgets.flatMap(({ properties }) => properties.metrics ?? []);
    expect(metrics.length).toBeGreaterThan(15);
    const resources = template.toJSON().Resources as Record<string, unknown>;
    for (const [namespace, name, ...rest] of metrics) {
      expect(freeMetrics[String(namespace)], String(namespace)).toContain(name);
      const dimensions = rest.filter((one) => typeof one === 'string');
      expect(dimensions.length % 2).toBe(0);
      for (const value of dimensions.filter((_, i) => i % 2 === 1)) {
        const id = /^<(\w+)(?:\.\w+)?>$/.exec(String(value))?.[1];
        expect(resources, String(value)).toHaveProperty(id ?? 'no reference');
      }
    }
  });

  test('reads the function’s own log group, by fields that its lines have', () => {
    const queries = widgets.flatMap(({ properties }) => properties.query ?? []);
    expect(queries).toHaveLength(1 + 2 * 2);
    const [logGroup] = Object.keys(template.findResources('AWS::Logs::LogGroup')).filter((id) =>
      id.startsWith('ScalerLog'),
    );
    // As lib/functions log it: { message: 'decision', decision: { service, kind, from, desired, summary, shadow, alerts } }.
    const fields = ['service', 'kind', 'from', 'desired', 'summary', 'alerts'];
    for (const query of queries) {
      expect(query).toContain(`SOURCE '<${logGroup}>'`);
      expect(query).toContain("filter message = 'decision'");
      for (const [, field] of query.matchAll(/decision\.(\w+)/g)) expect(fields).toContain(field);
    }
  });

  test('one section a service: its promise, its bounds, its numbers', () => {
    const titles = widgets.flatMap(({ properties }) => properties.markdown?.match(/^#+ .*/)?.[0] ?? []);
    expect(titles).toEqual(['# Sluice, stage sluice', '## convert', '## scan']);
    const of = (title: string) => widgets.filter(({ properties }) => properties.title === title);
    for (const title of [
      'Tasks that run',
      'Tasks that Sluice asked for',
      'CPU and memory of the tasks',
      'Jobs that wait, and jobs being worked on',
      'Age of the oldest job that is not done',
      'Jobs that arrive, and jobs that are done',
      'Failed jobs in the dead-letter queue (sluice redrive)',
    ])
      expect(of(title), title).toHaveLength(2);
    const lines = of('CPU and memory of the tasks').map(({ properties }) =>
      properties.annotations?.horizontal.map(({ value }) => value),
    );
    expect(lines).toEqual([
      [80, 95],
      [55, 95],
    ]);
    expect(of('Age of the oldest job that is not done')[0]?.properties.annotations?.horizontal[0]?.value).toBe(60);
    expect(JSON.stringify(widgets)).toContain('Shadow');
  });

  test('no widget lies on another, and none beyond the 24 columns', () => {
    for (const [i, a] of widgets.entries()) {
      expect(a.x + a.width).toBeLessThanOrEqual(24);
      for (const b of widgets.slice(i + 1)) {
        const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
        expect(apart, `${a.properties.title} and ${b.properties.title}`).toBe(true);
      }
    }
  });

  test('services in a stack of their own have their page there', () => {
    const many = Array.from({ length: 31 }, (_, i) => specOf(`s${String(i).padStart(2, '0')}`));
    const stack = stackOf(many, { dashboard: true });
    const stacks = stack.node.root.node.children.filter((child): child is Stack => child instanceof Stack);
    const pages = stacks.flatMap((one) => pagesOf(Template.fromStack(one)));
    expect(pages.map(({ name, widgets: own }) => [name, own.filter(({ type }) => type === 'text').length])).toEqual([
      ['sluice-sluice', 31],
      ['sluice-sluice-2', 2],
    ]);
    for (const { widgets: own } of pages) expect(own.length).toBeLessThanOrEqual(500);
  });
});
