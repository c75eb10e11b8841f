import { describe, expect, it, test } from 'vitest';
import type { DecisionRecord, ExplanationStep } from '../../../lib/model/decision.ts';
import { known, unknown } from '../../../lib/model/observation.ts';
import { outcomeLines, titleOf } from '../../../lib/report/why/outcome.ts';
import { renderStory } from '../../../lib/report/why/render-story.ts';
import { storyOf } from '../../../lib/report/why/story.ts';

const now = Date.parse('2026-11-21T02:41:10Z') / 1000;
const step = (stage: ExplanationStep['stage'], code: string, text: string, from: number, to: number) =>
  ({ stage, code, text, from, to }) as const;

const recordOf = (
  decision: Partial<DecisionRecord['decision']> = {},
  more: Partial<DecisionRecord> = {},
): DecisionRecord => ({
  tick: 's0@2026-11-21T02:41:10.000Z',
  observation: {
    now,
    queues: [
      { name: 'urgent', counts: known(now - 12, { visible: 1204, inFlight: 3, delayed: 7 }) },
      { name: 'slow', counts: unknown('stale', '240 s old, at most 180 s are believed') },
    ],
    service: known(now - 0.4, { desired: 8, running: 7, pending: 1, deploymentInProgress: true, failedStarts: 0 }),
    work: known(now, { started: 9, late: 2, completed: 4, failed: 1, busySlotSeconds: 40, serviceSeconds: 48 }),
    signals: { cpu: known(now - 70, 71.234), pages: unknown('missing') },
  },
  decision: {
    service: 'convert',
    at: now,
    kind: 'keep',
    from: 8,
    desired: 8,
    size: { cpu: 512, memoryMiB: 1024 },
    alerts: [],
    explanation: [],
    summary: 'Stay at 8: because.',
    shadow: false,
    ...decision,
  },
  ...more,
});

const heldBack = recordOf({
  explanation: [
    step('propose', 'backlog', '30 jobs wait and 10 are one task’s share, so 3 tasks.', 8, 3),
    step('propose', 'tracking', 'cpu is 71 % and the target 60 %, so 5 tasks.', 8, 5),
    step('combine', 'maxIn', 'The largest of 2 proposals (3, 5) is 5.', 8, 5),
    step(
      'pace',
      'scaleInStabilized',
      'It would be 5, but the highest proposal of the last 300 s was 8; that one counts until 02:44:00Z.',
      5,
      8,
    ),
  ],
  summary:
    'Stay at 8: It would be 5, but the highest proposal of the last 300 s was 8; that one counts until 02:44:00Z.',
  alerts: [{ code: 'sloAtRisk', severity: 'critical', text: 'convert will break its promise.' }],
});

test('the story of a tick that changed nothing, for three in the morning', () => {
  const previous = recordOf({ at: now - 10 });
  const lastChange = recordOf({ at: now - 3000, kind: 'scale', from: 6 });
  const story = storyOf(heldBack, { previous, lastChange, sameSince: { at: now - 600, ticks: 61 } });
  expect(renderStory(story, 90)).toEqual([
    'convert at Sat 2026-11-21 02:41:10 UTC',
    'NOTHING CHANGED, 8 tasks',
    '  It would be 5, but the highest proposal of the last 300 s was 8; that one counts until',
    '  02:44:00Z.',
    '  ! CRITICAL: convert will break its promise.',
    '',
    'What was seen',
    '  queue urgent  1,204 waiting, 3 in progress, 7 delayed (12 s old)',
    '  queue slow    NOT KNOWN: too old to be believed (240 s old, at most 180 s are believed)',
    '  tasks         8 desired, 7 running, 1 starting, a deployment is in progress (just read)',
    '  workers       9 jobs started since the tick before, 2 of them late, 4 completed in 12 s',
    '                each, 1 failed (just read)',
    '  cpu           71.23 % (70 s old)',
    '  pages         NOT KNOWN: there is no value',
    '',
    'What was wanted',
    '  3  30 jobs wait and 10 are one task’s share, so 3 tasks.',
    '  5  cpu is 71 % and the target 60 %, so 5 tasks.',
    '  5  together: The largest of 2 proposals (3, 5) is 5.',
    '',
    'What changed that number',
    '  5 became 8  It would be 5, but the highest proposal of the last 300 s was 8; that one',
    '              counts until 02:44:00Z.',
    '',
    'What happened',
    '  The desired count stays at 8.',
    '',
    'Around it',
    '  the tick before  02:41:00  NOTHING CHANGED, 8 tasks',
    '  the tick after   none is recorded',
    '  since when       the last 61 ticks ended alike, since 02:31:10 (10 min)',
    '  the last change  01:51:10  OUT from 6 to 8 tasks, 50 min before this',
  ]);
});

test('as data: each rule with the number that it would have been', () => {
  expect(storyOf(heldBack)).toMatchObject({
    because: expect.stringMatching(/^It would be 5/),
    wanted: [{ desired: 3 }, { desired: 5 }, { desired: 5, combined: true }],
    clamps: [{ stage: 'pace', code: 'scaleInStabilized', wouldHaveBeen: 5, became: 8 }],
  });
});

test('a hold says why nothing was decided', () => {
  const text = 'Paused by ann until 2026-11-21T12:00:00Z.';
  const explanation = [step('guard', 'paused', text, 8, 8)];
  const lines = renderStory(storyOf(recordOf({ kind: 'hold', summary: text, explanation })), 100);
  expect(lines.slice(1, 3)).toEqual(['HELD at 8 tasks', `  ${text}`]);
  expect(lines).toContain('Why nothing was decided');
  expect(lines).toContain(`  no decision  ${text}`);
});

describe('what happened', () => {
  const out = { kind: 'scale', from: 8, desired: 12 } as const;
  const answer = step('act', 'throttled', 'convert: not scaled, the next tick tries again', 12, 12);
  it.each<[string, DecisionRecord, string, readonly string[]]>([
    [
      'a yes',
      recordOf(out, { acted: { changed: true, desired: 12 } }),
      'OUT from 8 to 12 tasks',
      ['ECS was told to go from 8 to 12 tasks, and accepted it.'],
    ],
    [
      'a no',
      recordOf({ ...out, explanation: [answer] }, { acted: { changed: false } }),
      'OUT from 8 to 12 tasks FAILED',
      ['ECS was told to go from 8 to 12 tasks, and refused.', answer.text],
    ],
    [
      'no answer',
      recordOf({ ...out, explanation: [answer] }, { acted: { changed: 'unknown' } }),
      'OUT from 8 to 12 tasks FAILED',
      ['ECS was told to go from 8 to 12 tasks. Whether it did is not known; the next tick looks.', answer.text],
    ],
    [
      'shadow',
      recordOf({ ...out, shadow: true }),
      'SHADOW: would go out from 8 to 12 tasks',
      [
        'The desired count would go from 8 to 12.',
        'This service is in shadow mode: the decision is recorded and not carried out.',
      ],
    ],
    [
      'one task',
      recordOf({ kind: 'scale', from: 2, desired: 1 }),
      'IN from 2 to 1 task',
      ['ECS was told to go from 2 to 1 task.'],
    ],
    [
      'a size',
      recordOf({ sizeFrom: { cpu: 256, memoryMiB: 512 } }),
      'NOTHING CHANGED, 8 tasks',
      ['The desired count stays at 8.', 'The task size: from 0.25 vCPU / 0.5 GiB to 0.5 vCPU / 1 GiB.'],
    ],
  ])('%s', (_, record, title, lines) => {
    expect([titleOf(record), outcomeLines(record)]).toEqual([title, lines]);
  });
});
