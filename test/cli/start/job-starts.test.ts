import { expect, it } from 'vitest';
import { createJobStarts } from '../../../lib/cli/start/job-starts.ts';

const line = (jobId: string, waitSeconds: number): string =>
  JSON.stringify({
    sluice: 'job',
    service: 's',
    queue: 'q',
    jobId,
    sentAt: 105,
    startedAt: 105 + waitSeconds,
    waitSeconds,
    serviceSeconds: 1,
    late: false,
    outcome: 'done',
    receiveCount: 1,
  });

it('keeps the first start of each job and nothing else', () => {
  const starts = createJobStarts(100);
  for (const text of [
    line('a', 2),
    line('b', 3),
    line('a', 9),
    '{"sluice":"ready"}',
    'hello',
    line('c', 1).slice(0, 40),
    '',
  ]) {
    starts.onWorkerLine(text);
  }
  expect(starts.of('s')).toEqual([
    { queue: 'q', sentT: 5, waitSeconds: 2 },
    { queue: 'q', sentT: 5, waitSeconds: 3 },
  ]);
  expect(starts.of('other')).toEqual([]);
});
