import { expect, it } from 'vitest';
import { JobQueue } from '../../../lib/simulate/engine/job-queue.ts';

/** Goal: first come, first served, also for jobs that come back. Method: take, put back, take. */
it('hands out jobs by age; one that came back takes the place of its age', () => {
  const queue = new JobQueue();
  expect(queue.take()).toBe(-1);
  queue.next = 5;
  expect([queue.take(), queue.take(), queue.take()]).toEqual([0, 1, 2]);
  queue.putBack(2);
  queue.putBack(0);
  expect(queue.length).toBe(4);
  expect(queue.waiting()).toEqual([0, 2, 3, 4]);
  expect([queue.take(), queue.take(), queue.take(), queue.take(), queue.take()]).toEqual([0, 2, 3, 4, -1]);
  expect(queue.length).toBe(0);
});
