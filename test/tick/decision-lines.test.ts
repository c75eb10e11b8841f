import { expect, it } from 'vitest';
import type { Decision, Severity } from '../../lib/model/decision.ts';
import { DecisionLines } from '../../lib/tick/alerts/decision-lines.ts';

const decision = (at: number, raised: Readonly<Record<string, Severity>> = {}, more: Partial<Decision> = {}) => ({
  service: 'convert',
  at,
  kind: 'keep' as const,
  from: 1,
  desired: 1,
  size: { cpu: 256, memoryMiB: 512 },
  alerts: Object.entries(raised).map(([code, severity]) => ({ code, severity, text: String(at) })),
  explanation: [],
  summary: '',
  shadow: false,
  ...more,
});

it('a line for what changes, begins, rises and ends, and each five minutes for what lasts', () => {
  const lines = new DecisionLines();
  const worth = [
    decision(0),
    decision(10, {}, { kind: 'scale' }),
    decision(20),
    decision(30, { a: 'warning' }),
    decision(40, { a: 'warning' }),
    decision(50, { a: 'critical' }),
    decision(60, { a: 'critical' }, { service: 'other' }),
    decision(340, { a: 'critical' }),
    decision(350, { a: 'critical' }),
    decision(360, { a: 'critical' }),
    decision(370),
    decision(380),
    decision(390, {}, { sizeFrom: { cpu: 512, memoryMiB: 1024 } }),
  ].filter((one) => lines.isWorthALine(one));
  expect(worth.map(({ at }) => at)).toEqual([10, 30, 50, 60, 350, 370, 390]);
});
