import { describe, expect, it } from 'vitest';
import { addTotals, noTotals, type WorkTotals } from '../../lib/worker/beacon/work-totals.ts';
import { createJobTracker, lifeLog, StartRefused } from '../../lib/worker/track/job-tracker.ts';
import type { JobLine, LifeLine } from '../../lib/worker/worker-log.ts';
import { createFakeAgent } from './fake-agent.ts';
import { createVirtualClock } from './virtual-clock.ts';

const setUp = (concurrency = 4) => {
  const clock = createVirtualClock();
  const agent = createFakeAgent(clock);
  const lines: (JobLine | LifeLine)[] = [];
  let totals: WorkTotals = noTotals;
  const writeLine = (line: JobLine | LifeLine) => void lines.push(line);
  const tracker = createJobTracker({
    settings: {
      service: 'convert',
      concurrency,
      stopTimeoutSeconds: 30,
      beatSeconds: 10,
      signalSeconds: 60,
      protectionLingerSeconds: 5,
      protectionExpiryMinutes: 10,
    },
    queues: [{ name: 'jobs', startWithinSeconds: 10 }],
    beacon: {
      add: async (more) => {
        totals = addTotals(totals, more);
        return 'applied';
      },
    },
    agent,
    clock,
    uniform: () => 0.5,
    log: lifeLog(writeLine, 'convert', clock),
    writeLine,
    marginSeconds: 3,
  });
  return { clock, agent, tracker, lines, totals: () => totals };
};

describe('a tracked job', () => {
  it('is protected while it runs, and counted like one of the runtime', async () => {
    const { clock, agent, tracker, lines, totals } = setUp();
    void tracker.ready();
    const work = tracker.track({ id: 'a', sentAt: clock.now() - 12 }, async () => {
      expect(agent.protectedNow).toBe(true);
      await clock.sleep(4);
      return 42;
    });
    await clock.advance(20);
    expect(await work).toBe(42);
    expect(agent.protectedNow).toBe(false);
    expect(totals()).toMatchObject({ started: 1, late: 1, completed: 1, serviceMs: 4000, ready: 1, w_jobs_5: 1 });
    expect(totals().busySlotMs).toBeGreaterThan(3900);
    expect(lines).toContainEqual(expect.objectContaining({ sluice: 'job', jobId: 'a', outcome: 'done', late: true }));
  });

  it('that throws has failed, and its error is the caller’s', async () => {
    const { clock, tracker, totals } = setUp();
    await Promise.all([
      expect(tracker.track({ id: 'a' }, () => Promise.reject(new Error('no')))).rejects.toThrow('no'),
      clock.advance(15),
    ]);
    expect(totals()).toMatchObject({ started: 1, failed: 1 });
  });

  it('is refused when ECS refuses protection, until it grants it again', async () => {
    const { clock, agent, tracker } = setUp();
    agent.refuse('blocked');
    await Promise.all([
      expect(tracker.track({ id: 'a' }, async () => 1)).rejects.toThrow(StartRefused),
      clock.advance(1),
    ]);
    expect(tracker).toMatchObject({ draining: true, active: 0 });
    agent.refuse(undefined);
    await clock.advance(70);
    expect(tracker.draining).toBe(false);
  });
});

describe('stopping', () => {
  it('lets running jobs end, starts none, sends the last beat and drops protection', async () => {
    const { clock, agent, tracker, totals } = setUp();
    void tracker.track({ id: 'a' }, () => clock.sleep(8));
    await clock.advance(1);
    let stopped = false;
    void tracker.stop().then(() => {
      stopped = true;
    });
    await expect(tracker.track({ id: 'b' }, async () => 1)).rejects.toThrow(/stopping/);
    await clock.advance(6);
    expect(stopped).toBe(false);
    await clock.advance(1.1);
    expect(stopped).toBe(true);
    expect(agent.protectedNow).toBe(false);
    expect(totals()).toMatchObject({ started: 1, completed: 1 });
  });

  it('ends before SIGKILL, whatever runs', async () => {
    const { clock, tracker } = setUp();
    void tracker.track({ id: 'a' }, () => clock.sleep(1000));
    await clock.advance(1);
    let stopped = false;
    void tracker.stop().then(() => {
      stopped = true;
    });
    await clock.advance(29.9);
    expect(stopped).toBe(true);
  });
});
