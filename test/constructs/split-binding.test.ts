import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitBinding } from '../../lib/constructs/bindings/split-binding.ts';
import type { ServiceBinding } from '../../lib/model/binding.ts';
import { planOf } from './fixtures.ts';

const bindingOf = (windows: readonly string[], queues: number): ServiceBinding => ({
  plan: planOf('convert', { schedule: windows.map((name) => ({ name, days: 'every' })) }),
  shard: '0',
  cluster: 'cluster',
  ecsService: 'service',
  ...(queues % 3 > 0 && {
    taskDefinitions: Object.fromEntries(
      Array.from({ length: queues % 7 || 1 }, (_, i) => [`${256 << i}/1024`, `arn:${i}`]),
    ),
  }),
  queues: Array.from({ length: queues }, (_, index) => ({
    name: `q${index}`,
    url: `https://sqs.eu-central-1.amazonaws.com/123456789012/q${index}`,
  })),
});

const anyBinding = fc
  .tuple(
    fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.stringMatching(/^[ {}]{0,200}$/)), {
      maxLength: 60,
    }),
    fc.nat(20),
  )
  .map(([windows, queues]) => bindingOf(windows, queues));

describe('splitBinding', () => {
  test('the joined parts are the binding', () => {
    fc.assert(
      fc.property(anyBinding, (binding) => {
        expect(JSON.parse(splitBinding(binding).join(''))).toEqual(binding);
      }),
    );
  });

  test('SSM takes every part: 4,000 bytes of plain ASCII without {{', () => {
    fc.assert(
      fc.property(anyBinding, (binding) => {
        for (const part of splitBinding(binding)) {
          expect(part.length).toBeLessThanOrEqual(4000);
          expect(part).toMatch(/^[\x20-\x7e]+$/);
          expect(part).not.toContain('{{');
        }
      }),
    );
  });

  test('no part is cut at a space of the text', () => {
    const parts = splitBinding(bindingOf(Array<string>(60).fill('a b c d e f g h '.repeat(20)), 1));
    expect(parts.length).toBeGreaterThan(4);
    expect(parts.filter((part) => part.trim() !== part)).toEqual([]);
  });

  test('room for what the tokens become: names and URLs at their longest stay below 4,096 bytes', () => {
    for (let queues = 0; queues < 30; queues += 1) {
      const token = '<token>';
      const binding: ServiceBinding = {
        ...bindingOf([], 0),
        cluster: token,
        ecsService: token,
        table: token,
        taskDefinitions: Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`16384/${122_880 + i}`, '<arn>'])),
        queues: Array.from({ length: queues }, () => ({ name: 'n'.repeat(80), url: token, deadLetterUrl: token })),
      };
      const definition = `arn:aws-us-gov:ecs:us-gov-west-1:123456789012:task-definition/${'f'.repeat(255)}:1234567890`;
      const longest = `https://sqs.ap-southeast-1.amazonaws.com.cn/123456789012/${'n'.repeat(80)}`;
      for (const part of splitBinding(binding)) {
        expect(
          part
            .replaceAll(/"(cluster|ecsService|table)":"[^"]*"/g, `"$1":"${'c'.repeat(255)}"`)
            .replaceAll('<arn>', definition)
            .replaceAll(token, longest).length,
        ).toBeLessThan(4096);
      }
    }
  });

  test('an ordinary service needs one parameter', () => {
    expect(splitBinding(bindingOf(['business', 'weekend', 'off hours'], 2))).toHaveLength(1);
  });
});
