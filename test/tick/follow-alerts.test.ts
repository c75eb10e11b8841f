import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertPlan, AlertState } from '../../lib/model/alert-plan.ts';
import type { Alert, Severity } from '../../lib/model/decision.ts';
import { claimSeconds, followAlerts, newsOf } from '../../lib/tick/alerts/follow-alerts.ts';

const plan: AlertPlan = { severity: 'warning', afterSeconds: 60, clearSeconds: 300, repeatSeconds: 3600 };
const alert = (code: string, severity: Severity = 'warning'): Alert => ({ code, severity, text: code });

/** One tick in words: what is raised at second `at`, and what must be told then. */
interface Row {
  readonly at: number;
  readonly raised?: readonly Alert[] | 'notSeen' | 'notJudged';
  readonly muted?: true;
  /** Its message is lost: nothing confirms it. */
  readonly fails?: true;
  readonly tells: readonly string[];
}

const w = [alert('a')];
const c = [alert('a', 'critical')];
const stories: readonly (readonly [name: string, rows: readonly Row[], plan?: Partial<AlertPlan>])[] = [
  [
    'a critical alert is told at once, and once; its end when it was away for five minutes',
    [
      { at: 0, raised: c, tells: ['begin critical'] },
      { at: 10, raised: c, tells: [] },
      { at: 20, raised: [], tells: [] },
      { at: 309, raised: [], tells: [] },
      { at: 310, raised: [], tells: ['end critical'] },
      { at: 320, raised: [], tells: [] },
    ],
  ],
  [
    'a warning is told when it has lasted a minute',
    [
      { at: 0, raised: w, tells: [] },
      { at: 50, raised: w, tells: [] },
      { at: 60, raised: w, tells: ['begin warning'] },
      { at: 70, raised: w, tells: [] },
    ],
  ],
  [
    'what nobody was told of ends without a word',
    [
      { at: 0, raised: w, tells: [] },
      { at: 10, raised: [], tells: [] },
      { at: 400, raised: [], tells: [] },
      { at: 410, raised: w, tells: [] },
    ],
  ],
  [
    'a flicker is one alert',
    [0, 10, 20, 30, 200, 210, 480].map((at, i) => ({
      at,
      raised: i % 2 === 0 ? c : [],
      tells: i === 0 ? ['begin critical'] : [],
    })),
  ],
  [
    'a rise is told at once, a fall never',
    [
      { at: 0, raised: w, tells: [] },
      { at: 60, raised: w, tells: ['begin warning'] },
      { at: 70, raised: c, tells: ['rise critical'] },
      { at: 80, raised: w, tells: [] },
      { at: 90, raised: c, tells: [] },
    ],
  ],
  [
    'while it lasts it is told again each hour',
    [
      { at: 0, raised: c, tells: ['begin critical'] },
      { at: 3599, raised: c, tells: [] },
      { at: 3600, raised: c, tells: ['again critical'] },
      { at: 7000, raised: c, tells: [] },
      { at: 7200, raised: c, tells: ['again critical'] },
    ],
  ],
  [
    'or never',
    [
      { at: 0, raised: c, tells: ['begin critical'] },
      { at: 90_000, raised: c, tells: [] },
    ],
    { repeatSeconds: undefined as never },
  ],
  [
    'what is below the severity is not told; when it rises above it begins',
    [
      { at: 0, raised: w, tells: [] },
      { at: 100, raised: w, tells: [] },
      { at: 110, raised: c, tells: ['begin critical'] },
    ],
    { severity: 'critical' },
  ],
  [
    'a mute silences the beginning, and what still lasts is told afterwards',
    [
      { at: 0, raised: c, muted: true, tells: [] },
      { at: 10, raised: c, muted: true, tells: [] },
      { at: 20, raised: c, tells: ['begin critical'] },
      { at: 4000, raised: c, muted: true, tells: [] },
      { at: 4010, raised: [], muted: true, tells: [] },
      { at: 4310, raised: [], muted: true, tells: ['end critical'] },
    ],
  ],
  [
    'what is not looked at or cannot be judged is not over',
    [
      { at: 0, raised: c, tells: ['begin critical'] },
      { at: 1000, raised: 'notSeen', tells: [] },
      { at: 1010, raised: 'notJudged', tells: [] },
      { at: 1100, raised: [], tells: [] },
      { at: 1310, raised: [], tells: ['end critical'] },
    ],
  ],
  [
    'what was not delivered is told anew when its sender is dead, also the end',
    [
      { at: 0, raised: c, fails: true, tells: ['begin critical'] },
      { at: 10, raised: c, tells: [] },
      { at: 30, raised: c, fails: true, tells: ['begin critical'] },
      { at: 60, raised: c, tells: ['begin critical'] },
      { at: 70, raised: c, tells: [] },
      { at: 370, raised: [], fails: true, tells: ['end critical'] },
      { at: 380, raised: [], tells: [] },
      { at: 400, raised: [], tells: ['end critical'] },
      { at: 500, raised: [], tells: [] },
    ],
  ],
  [
    'the end of an alert whose beginning may have arrived is told',
    [
      { at: 0, raised: c, fails: true, tells: ['begin critical'] },
      { at: 10, raised: [], tells: [] },
      { at: 320, raised: [], tells: ['end critical'] },
    ],
  ],
  [
    'it may come back before its end is known',
    [
      { at: 0, raised: c, tells: ['begin critical'] },
      { at: 300, raised: [], fails: true, tells: ['end critical'] },
      { at: 310, raised: c, tells: ['begin critical'] },
      { at: 330, raised: c, tells: ['end critical'] },
      { at: 340, raised: c, tells: [] },
    ],
  ],
  ['of two of one code the graver counts', [{ at: 0, raised: [...w, ...c, ...w], tells: ['begin critical'] }]],
];

/** Plays rows as one function after the other does: state from version to version, confirmed unless it fails. */
class Story {
  states: readonly AlertState[] = [];
  confirmed = new Set<number>();
  version = 0;
  readonly plan: AlertPlan;

  constructor(change: Partial<AlertPlan> = {}) {
    this.plan = { ...plan, ...change };
  }

  tick({ at, raised, muted, fails }: Omit<Row, 'tells'>): readonly AlertState[] {
    this.version += 1;
    this.states = followAlerts(this.states, this.plan, {
      now: 1000 + at,
      ...(raised === 'notSeen' ? {} : { raised: raised === 'notJudged' || raised === undefined ? [] : raised }),
      isJudged: () => raised !== 'notJudged',
      isMuted: () => muted === true,
      version: this.version,
      confirmed: this.confirmed,
    });
    const news = newsOf(this.states, this.version);
    this.confirmed = new Set(fails || news.length === 0 ? [] : [this.version]);
    return news;
  }
}

describe('when people are told', () => {
  it.each(stories.map(([name, rows, change]) => ({ name, rows, change })))('$name', ({ rows, change }) => {
    const story = new Story(change);
    const told = rows.map((row) => story.tick(row).map(({ told: t }) => `${t?.news} ${t?.severity}`));
    expect(told).toEqual(rows.map(({ tells }) => tells));
  });
});

const raised = fc.oneof(
  fc.subarray([alert('a'), alert('b'), alert('a', 'critical'), alert('b', 'critical'), alert('d', 'info')]),
  fc.constantFrom('notSeen' as const, 'notJudged' as const),
);
const step = fc.record({
  seconds: fc.integer({ min: 1, max: 400 }),
  raised,
  muted: fc.boolean(),
  fails: fc.boolean(),
});

describe('laws', () => {
  it('each story that is told begins once, ends once, and nothing is told between', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const story = new Story();
        const open = new Map<string, number>();
        let at = 0;
        for (const { seconds, raised: now, muted, fails } of steps) {
          at += seconds;
          for (const { code, since, told } of story.tick({
            at,
            raised: now,
            ...(muted && { muted }),
            ...(fails && { fails }),
          })) {
            const id = `${code}@${since}`;
            if (told?.news === 'end') {
              // Told before, or claimed before and perhaps told.
              expect(open.has(id), `end of ${id}`).toBe(true);
              if (!fails) open.delete(id);
            } else {
              expect(muted).toBe(false);
              expect(now).not.toBe('notJudged');
              if (told?.news === 'begin' && open.has(id))
                expect(at - (open.get(id) ?? 0)).toBeGreaterThanOrEqual(claimSeconds);
              open.set(id, at);
            }
          }
        }
        // Quiet and healthy from here on: every story comes to its end, each once.
        for (let i = 0; i < 3; i += 1) {
          at += 400;
          for (const { code, since } of story.tick({ at, raised: [] }))
            expect(open.delete(`${code}@${since}`)).toBe(true);
        }
        expect([...open.keys()]).toEqual([]);
        at += 400;
        story.tick({ at, raised: [] });
        expect(story.states).toEqual([]);
      }),
    );
  });

  it('with delivery that works an alert is told at most once a period, rises apart', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const story = new Story();
        const last = new Map<string, number>();
        let at = 0;
        for (const { seconds, raised: now, muted } of steps) {
          at += seconds;
          for (const { code, since, told } of story.tick({ at, raised: now, ...(muted && { muted }) })) {
            const id = `${code}@${since}`;
            const before = last.get(id);
            if (told?.news === 'begin') expect(before).toBeUndefined();
            if (told?.news === 'again') expect(at - (before ?? at)).toBeGreaterThanOrEqual(plan.repeatSeconds ?? 0);
            last.set(id, at);
          }
        }
      }),
    );
  });
});
