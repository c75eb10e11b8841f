import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { renderLiveView } from '../../../lib/cli/start/live-view.ts';
import { actionLine, plainLines } from '../../../lib/cli/start/plain-lines.ts';
import type { RunSnapshot, ServiceSnapshot } from '../../../lib/report/run/run-snapshot.ts';
import { jobs } from '../../report/run/run-fixture.ts';

const service = (changes: Partial<ServiceSnapshot> = {}): ServiceSnapshot => ({
  service: 'thumbnails',
  objective: { percent: 95, startWithinSeconds: 10 },
  waiting: 34,
  inFlight: 8,
  recentWaits: { windowSeconds: 30, p50: 1.2, p95: 7.9 },
  attainedPercent: 98.94,
  desired: 10,
  running: 7,
  starting: 2,
  stopping: 0,
  min: 0,
  max: 12,
  lastDecision: {
    t: 41,
    from: 4,
    desired: 10,
    summary: '34 jobs wait and must start within 10 s: 10 tasks are needed.',
  },
  ...changes,
});

const { lastDecision: _1, recentWaits: _2, attainedPercent: _3, ...unseen } = service();
const idle: ServiceSnapshot = { ...unseen, service: 'reports' };

const run = (changes: Partial<RunSnapshot> = {}): RunSnapshot => ({
  title: 'quickstart',
  phase: 'sending',
  t: 42,
  remainingSeconds: 78,
  progress: 0.35,
  jobs: jobs({ submitted: 312, done: 270, queued: 34, running: 8 }),
  workerCores: 0.41,
  services: [service(), idle],
  ...changes,
});

const plain = { columns: 80, rows: 24, colour: false };

describe('the live view', () => {
  it('shows the run and each service on 80 by 24', () => {
    expect(renderLiveView(run(), plain)).toEqual([
      'Sluice · quickstart  sending jobs               0:42 elapsed, 1:18 left to send',
      '━━━━━━━━━━━━━━━━━━━━━━━━━━━━───────────────────────────────────────────────────',
      '312 sent · 270 done · 34 queued · 8 running · workers use 0.41 cores',
      '',
      'thumbnails                                95 % start within 10 s, 0 to 12 tasks',
      '  backlog   34 waiting, 8 in flight',
      '  waits     p50 1.2 s   p95 7.9 s (last 30 s)   98.9 % in time',
      '  tasks     ███████▒▒░··  7 running, 2 starting, 10 desired',
      '  decision  0:41 4 → 10 34 jobs wait and must start within 10 s: 10 tasks are',
      '            needed.',
      '',
      'reports                                   95 % start within 10 s, 0 to 12 tasks',
      '  backlog   34 waiting, 8 in flight',
      '  waits     no job started lately   nothing started yet',
      '  tasks     ███████▒▒░··  7 running, 2 starting, 10 desired',
      '  decision  none yet',
    ]);
  });

  const detailed = service({
    flow: { windowSeconds: 20, arrivedPerMinute: 64.2, donePerMinute: 41, cores: 0.31 },
    jobSeconds: 0.8,
    failedPercent: 1.3,
    memoryPercent: 17.3,
    changes: [
      { t: 41, from: 4, desired: 10 },
      { t: 29, from: 1, desired: 4 },
    ],
    alerts: [
      { code: 'maxReached', severity: 'warning', text: 'thumbnails is at its maximum of 12 tasks and 14 are wanted.' },
    ],
  });

  it('has throughput, run time, failures, load, earlier changes and alerts where there is room', () => {
    const lines = renderLiveView(run({ services: [detailed, idle] }), plain);
    expect(lines.slice(4, 16)).toEqual([
      'thumbnails                                95 % start within 10 s, 0 to 12 tasks',
      '  backlog   34 waiting, 8 in flight',
      '  waits     p50 1.2 s   p95 7.9 s (last 30 s)   98.9 % in time',
      '  jobs      64 in, 41 done a minute, a job takes 0.8 s, 1.3 % failed',
      '  tasks     ███████▒▒░··  7 running, 2 starting, 10 desired',
      '  load      CPU 0.31 cores, memory 17.3 % of its tasks’',
      '  changes   0:41 4 → 10   0:29 1 → 4',
      '  alert     thumbnails is at its maximum of 12 tasks and 14 are wanted.',
      '  decision  0:41 4 → 10 34 jobs wait and must start within 10 s: 10 tasks are',
      '            needed.',
      '',
      'reports                                   95 % start within 10 s, 0 to 12 tasks',
    ]);
    const low = renderLiveView(run({ services: [detailed, idle] }), { ...plain, rows: 19 });
    expect(low.some((line) => line.startsWith('  load'))).toBe(false);
    expect(low.some((line) => line.startsWith('  alert'))).toBe(true);
    for (const columns of [20, 40, 80])
      for (const line of renderLiveView(run({ services: [detailed] }), { columns, rows: 24, colour: false }))
        expect(line.length).toBeLessThan(Math.max(columns, 21));
  });

  it.each([40, 24, 15, 14, 9, 6, 5, 3, 1])('never takes more than a terminal of %d rows has', (rows) => {
    const lines = renderLiveView(run(), { ...plain, rows });
    expect(lines.length).toBeLessThan(Math.max(2, rows));
  });

  it.each([
    [15, 'thumbnails   '],
    [8, 'thumbnails 34+8 jobs, tasks 7/10, 98.9 % in time'],
  ])('gives up blank lines, then details, at %d rows', (rows, start) => {
    const lines = renderLiveView(run(), { ...plain, rows });
    expect(lines).not.toContain('');
    expect(lines[3]?.startsWith(start)).toBe(true);
  });

  it.each([200, 80, 40, 20])('has no line as wide as a terminal of %d columns, coloured or not', (columns) => {
    for (const colour of [true, false]) {
      for (const line of renderLiveView(run(), { columns, rows: 24, colour })) {
        expect(stripVTControlCharacters(line).length).toBeLessThan(Math.max(columns, 21));
      }
    }
  });

  it('says the same with colours as without', () => {
    const coloured = renderLiveView(run(), { ...plain, colour: true });
    expect(coloured.join('')).toContain('\u001b[');
    expect(coloured.map(stripVTControlCharacters)).toEqual(renderLiveView(run(), plain));
  });

  it.each([
    [{ running: 0, starting: 0, desired: 0 }, '············'],
    [{ running: 14, starting: 0, desired: 12 }, '██████████████'],
    [{ running: 1, starting: 0, desired: 300, max: 500 }, '█░░░░░░░░░░░░░░·········'],
  ])('draws tasks to scale: %j', (changes, bar) => {
    const line = renderLiveView(run({ services: [service(changes)] }), plain).find((text) =>
      text.startsWith('  tasks'),
    );
    expect(line?.slice(12)).toMatch(new RegExp(`^${bar} `));
  });
});

describe('where there is no terminal', () => {
  it('says one line a service', () => {
    expect(plainLines(run())).toEqual([
      '0:42 thumbnails: 34 waiting, 8 in flight; waits p50 1.2 s p95 7.9 s; 98.9 % in time; tasks 7 running, 2 starting, 10 desired',
      '0:42 reports: 34 waiting, 8 in flight; no job started lately; tasks 7 running, 2 starting, 10 desired',
    ]);
  });
  it('says each action', () => {
    expect(actionLine({ t: 41, service: 'thumbnails', from: 4, desired: 10, summary: 'Because.' })).toBe(
      '0:41 thumbnails: 4 → 10 tasks. Because.',
    );
  });
});
