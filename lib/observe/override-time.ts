import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { EpochSeconds } from '../model/units.ts';

/** ISO 8601 with a zone, or epoch seconds. */
export function parseTime(value: AttributeValue | undefined): EpochSeconds | undefined {
  const text = value?.S ?? value?.N ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const at = /(Z|[+-]\d\d:?\d\d)$/i.test(text) ? Date.parse(text) / 1000 : Number.NaN;
  return Number.isFinite(at) ? at : undefined;
}
