import { describe, expect, it } from 'vitest';
import { createCpuMeter, limitCores } from '../../../lib/cli/start/cpu-meter.ts';

describe('the CPU meter', () => {
  it('has nothing to say before the second look', () => {
    const meter = createCpuMeter();
    meter.look(0, [{ id: 'a', cpuSeconds: 3 }]);
    expect([meter.now(), meter.use()]).toEqual([0, { meanCores: 0, peakCores: 0, limitCores }]);
  });

  it('adds processes that come and keeps what those that went had used', () => {
    const meter = createCpuMeter();
    meter.look(0, []);
    meter.look(10, [{ id: 'a', cpuSeconds: 5 }]);
    meter.look(20, [{ id: 'b', cpuSeconds: 10 }]);
    expect(meter.now()).toBe(1);
    expect(meter.use()).toMatchObject({ meanCores: 0.75, peakCores: 1 });
  });

  it('takes a moment of full use for what it is in ten seconds', () => {
    const meter = createCpuMeter();
    meter.look(0, []);
    meter.look(1, [{ id: 'a', cpuSeconds: 2 }]);
    expect(meter.now()).toBe(0.2);
  });

  it('remembers the peak when it is over', () => {
    const meter = createCpuMeter();
    for (let at = 0; at <= 100; at += 5) meter.look(at, [{ id: 'a', cpuSeconds: Math.min(at, 20) }]);
    expect(meter.now()).toBe(0);
    expect(meter.use()).toMatchObject({ meanCores: 0.2, peakCores: 1 });
  });
});
