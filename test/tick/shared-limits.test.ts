import { describe, expect, test } from 'vitest';
import { decide } from '../../lib/decide/decide.ts';
import type { ServicePlan } from '../../lib/model/plan.ts';
import { bindingOf, World } from './world.ts';

const shared = (change: Partial<ServicePlan> = {}): Partial<ServicePlan> => ({
  limits: { db: 200 },
  uses: { db: 20 },
  policy: { type: 'targetTracking', signals: [{ signal: 'queueDepth', perTask: 10 }], tolerance: 0 },
  ...change,
});

describe('services of a shard that share a limit', () => {
  const world = new World([
    bindingOf('low', shared({ priority: 'low' })),
    bindingOf('slow', shared({ tickSeconds: 60 })),
    bindingOf('top', shared({ priority: 'critical', tickSeconds: 20 })),
  ]);
  const deps = world.dependencies({ decide });
  const counts = () => Object.fromEntries(world.desired);
  const go = async (): Promise<void> => {
    await world.tick(deps);
    world.now += 10;
  };

  test('stay within it, give way by priority, and count those that are not due', async () => {
    world.visible.set('low', 90).set('slow', 20).set('top', 0);
    await go();
    expect(counts()).toEqual({ low: 8, slow: 2, top: 0 });
    // `slow` is not due now, and keeps its two.
    world.visible.set('top', 60);
    await go();
    expect(counts()).toEqual({ low: 8, slow: 2, top: 0 });
    await go();
    await go();
    await go();
    expect(counts()).toEqual({ low: 2, slow: 2, top: 6 });
    const low = world.journal.findLast(({ decision }) => decision.service === 'low');
    expect(low?.decision.explanation.at(-1)).toMatchObject({ stage: 'allocate', code: 'limitShared' });
  });

  test('the record has the grant, so that the decision can be taken again', () => {
    const low = world.journal.findLast(({ decision }) => decision.service === 'low');
    expect(low?.given?.grant).toMatchObject({ granted: 2, limit: 'db' });
  });
});
