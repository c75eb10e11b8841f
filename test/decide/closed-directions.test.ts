import { describe, expect, it } from 'vitest';
import { Chain } from '../../lib/decide/chain.ts';
import { type Closed, closeDirections } from '../../lib/decide/close-directions.ts';
import { Service, settingsWith } from './service.ts';

const t0 = 1_763_712_000;

describe('closed directions', () => {
  const inClosed: Closed = { in: [{ code: 'deployment', text: 'No.' }], out: [] };
  const outClosed: Closed = { in: [], out: [{ code: 'startsFail', text: 'No.' }] };
  const outUpTo: Closed = { in: [], out: [{ code: 'ineffective', text: 'No.', upTo: 8 }] };
  it.each<
    [
      string,
      Closed,
      { paced: number; current: number; asked?: number; bounded?: number; min?: number; max?: number },
      number,
    ]
  >([
    ['scale-in stays where it is', inClosed, { paced: 2, current: 5 }, 5],
    ['scale-out passes', inClosed, { paced: 9, current: 5 }, 9],
    ['a ceiling below still holds', inClosed, { paced: 2, current: 5, max: 3 }, 3],
    ['less than was just asked for is a scale-in too', inClosed, { paced: 6, current: 5, asked: 8 }, 8],
    ['out stays where it is', outClosed, { paced: 9, current: 5 }, 5],
    ['in passes', outClosed, { paced: 2, current: 5 }, 2],
    ['a floor above still holds', outClosed, { paced: 9, current: 5, min: 7 }, 7],
    ['the brake leaves out open to its ceiling', outUpTo, { paced: 12, current: 5 }, 8],
    ['and takes nothing away', outUpTo, { paced: 12, current: 10 }, 10],
    ['the tighter of two holds', { in: [], out: [...outUpTo.out, ...outClosed.out] }, { paced: 12, current: 5 }, 5],
  ])('%s', (_what, closed, { paced, current, asked = 0, bounded = paced, min = 0, max = 50 }, desired) => {
    const chain = new Chain(paced, [], []);
    closeDirections(chain, current, asked, bounded, { tasks: { min, max } }, closed);
    expect(chain.count).toBe(desired);
    expect(chain.steps.map(({ from, to }) => [from, to])).toEqual(desired === paced ? [] : [[paced, desired]]);
  });

  it('nothing goes in while a signal of the policy is unknown, whatever else would have it', () => {
    const policy = {
      type: 'targetTracking',
      signals: [
        { signal: 'queueDepth', perTask: 10 },
        { signal: 'cpu', target: 60 },
      ],
    } as const;
    const queues = [{ name: 'convert', percent: 99, startWithinSeconds: 60, fifo: true }];
    const service = new Service(settingsWith({ policy, queues }), 6);
    const groups = { activeGroups: 2 };
    expect(service.tick({ now: t0, queue: { visible: 60 }, signals: groups }).desired).toBe(6);
    expect(service.tick({ now: t0 + 10, queue: { visible: 60 }, signals: { ...groups, cpu: 60 } }).desired).toBe(2);
  });

  it('during a deployment a call that is not visible yet is not taken back', () => {
    const service = new Service(settingsWith(), 2);
    service.tick({ now: t0, queue: { visible: 90 } });
    expect(service.desired).toBe(9);
    service.desired = 2;
    const decision = service.tick({ now: t0 + 10, queue: { visible: 40 }, service: { deploymentInProgress: true } });
    expect(decision.desired).toBe(9);
  });

  it('a scale-out that was lost is one scale-out, however often it is asked for', () => {
    const service = new Service(settingsWith({ flapsPerHour: 5 }), 1);
    for (let now = t0; now < t0 + 100; now += 10) service.tick({ now, queue: { visible: 45 } }, { lost: true });
    expect(service.state.hot.scaledOutAt).toBe(t0);
    expect(service.state.learnt.guard?.actions).toEqual([[t0, 4]]);
  });
});
