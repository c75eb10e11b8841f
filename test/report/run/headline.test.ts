import { expect, it } from 'vitest';
import { headline } from '../../../lib/report/run/headline.ts';
import type { RunRecord } from '../../../lib/report/run/run-record.ts';
import { summarise } from '../../../lib/report/run/summary.ts';
import { jobs, runRecord, serviceRun } from './run-fixture.ts';

it.each<[string, Partial<RunRecord>, string]>([
  [
    'a good run',
    {},
    'All 4 jobs done, none lost. 75 % started within 10 s. At most 2 tasks ran at once; on Fargate this run would cost USD 0.019, 20.8 % less than a fleet that stands at the peak (USD 0.024).',
  ],
  [
    'a run that lost jobs',
    { services: [serviceRun({ jobs: jobs({ submitted: 1204, done: 1200, failed: 1, queued: 1, lost: 2 }) })] },
    '1,200 of 1,204 jobs done, 1 failed, 1 not finished, 2 lost.',
  ],
  [
    'a run that was stopped before the first job',
    { interrupted: 'Ctrl-C', services: [serviceRun({ jobs: jobs(), starts: [], samples: [], tasks: [] })] },
    'The run was stopped early (Ctrl-C). No job was sent. At most 0 tasks ran at once.',
  ],
])('%s', (_, changes, sentence) => expect(headline(summarise(runRecord(changes)))).toContain(sentence));
