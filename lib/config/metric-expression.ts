import { nearest } from './nearest.ts';
import type { RuleBroken } from './schema/field.ts';

/** GetMetricData takes 500 metrics a call; a rule of thumb keeps one signal from filling it. */
const mostMetrics = 10;
/** They give several series, or look at other metrics of the same call, which are other services' there. */
const refused: readonly string[] = [
  'SEARCH',
  'METRICS',
  'SELECT',
  'ANOMALY_DETECTION_BAND',
  'SORT',
  'SLICE',
  'INSIGHT_RULE_METRIC',
  'SERVICE_QUOTA',
  'LAMBDA',
];

/** What can be told of a metric-math expression without asking CloudWatch. */
export const expressionFault = (expression: string, ids: readonly string[]): RuleBroken | undefined => {
  const fault = (path: readonly string[], found: string, expected: string, mend: string): RuleBroken => ({
    path,
    found,
    expected,
    mend,
  });
  const badId = ids.find((id) => !/^[a-z][A-Za-z0-9_]*$/.test(id));
  if (badId !== undefined)
    return fault(
      ['metrics', badId],
      `the id "${badId}"`,
      'a small letter, then letters, digits and "_"',
      `Rename it, such as "${usualId(badId)}".`,
    );
  if (ids.length === 0 || ids.length > mostMetrics)
    return fault(
      ['metrics'],
      `${ids.length} metrics`,
      `1 to ${mostMetrics} metrics`,
      'Name each metric of the expression.',
    );
  const tokens: readonly string[] = expression.replace(/"[^"]*"|'[^']*'/g, ' ').match(/(?<![\w.])[A-Za-z_]\w*/g) ?? [];
  const banned = tokens.find((token) => refused.includes(token.toUpperCase()) && token === token.toUpperCase());
  if (banned !== undefined)
    return fault(
      ['expression'],
      `the function ${banned}`,
      'an expression that gives one series from the metrics it names',
      'Name each metric in "metrics" and combine them.',
    );
  const stranger = tokens.find((token) => /^[a-z]/.test(token) && !ids.includes(token));
  if (stranger !== undefined) {
    // Between ids of a letter or two everything is near.
    const near = stranger.length > 2 ? nearest(stranger, ids) : undefined;
    return fault(
      ['expression'],
      `the id "${stranger}"`,
      `ids of "metrics": ${ids.join(', ')}`,
      near ? `Did you mean "${near}"?` : `Add "${stranger}" to "metrics".`,
    );
  }
  const idle = ids.find((id) => !tokens.includes(id));
  if (idle !== undefined)
    return fault(
      ['metrics', idle],
      `the metric "${idle}", which the expression does not use`,
      'metrics that the expression uses',
      'Remove it: each metric asked for costs.',
    );
  return undefined;
};

const usualId = (id: string): string => `m_${id.replace(/[^A-Za-z0-9_]/g, '_')}`;
