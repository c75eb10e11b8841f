import { describe, expect, it } from 'vitest';
import { createChaos } from '../../../lib/cli/start/chaos.ts';
import type { TaskView } from '../../../lib/local/control-plane.ts';

const task = (id: string, changes: Partial<TaskView> = {}): TaskView => ({
  id,
  arn: id,
  cluster: 'c',
  service: 's',
  taskDefinition: 't:1',
  lastStatus: 'RUNNING',
  desiredStatus: 'RUNNING',
  createdAt: 0,
  protectedUntil: 99,
  cpu: 256,
  memoryMiB: 512,
  cpuSeconds: 0,
  rssMiB: 0,
  ...changes,
});

/** Tasks die when they are killed. */
const fleet = (...tasks: readonly TaskView[]) => {
  let alive = tasks;
  return {
    tasks: () => alive,
    killTask: (id: string) => {
      const before = alive.length;
      alive = alive.filter((one) => one.id !== id);
      return alive.length < before;
    },
  };
};

const idle = ({ protectedUntil: _, ...rest }: TaskView): TaskView => rest;

describe('chaos', () => {
  it('kills one busy worker for each time that has come', () => {
    const strike = createChaos([20, 10, 10], fleet(task('a'), task('b'), task('c')));
    expect([5, 10, 15, 20, 30].map((t) => strike(t).map((one) => one.id))).toEqual([[], ['a', 'b'], [], ['c'], []]);
  });

  it('waits until a worker is busy', () => {
    const tasks = [
      idle(task('idle')),
      task('starting', { lastStatus: 'PENDING' }),
      task('leaving', { desiredStatus: 'STOPPED' }),
    ];
    let ecs = fleet(...tasks);
    const strike = createChaos([10], { tasks: () => ecs.tasks(), killTask: (id) => ecs.killTask(id) });
    expect(strike(10)).toEqual([]);
    ecs = fleet(...tasks, task('busy'));
    expect(strike(11).map((one) => one.id)).toEqual(['busy']);
    expect(strike(12)).toEqual([]);
  });
});
