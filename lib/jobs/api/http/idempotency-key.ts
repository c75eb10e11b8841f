import { Problem } from './problem.ts';
import { shown } from './shown.ts';

/** The header `Idempotency-Key`: who sends the same request with the same key again gets the same job. */
export const idempotencyKeyOf = (headers: Headers): string | undefined => {
  const key = headers.get('idempotency-key');
  if (key === null) return undefined;
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new Problem('bad-request', 'The idempotency key cannot be used.', {
    issues: [
      { path: 'header.idempotency-key', found: shown(key), expected: 'one of 1 to 255 visible ASCII characters' },
    ],
  });
};
