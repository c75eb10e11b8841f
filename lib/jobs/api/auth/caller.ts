import { createHash } from 'node:crypto';
import type { EpochSeconds, Seconds } from '../../../model/units.ts';
import { isTenant } from '../../job-names.ts';
import { Problem } from '../http/problem.ts';
import { type ApiKeyRecord, isProvedBy, parseApiKey } from './api-key.ts';
import type { ApiKeys } from './api-keys.ts';

/** Who asks. */
export interface Caller {
  /** Whose jobs they are; nothing of another tenant is ever shown. */
  readonly tenant: string;
}

/** What the gateway says of a request, and its headers cannot. */
export interface Origin {
  /** The address that connected. */
  readonly address: string;
  /** ARN of the IAM identity that signed it. Absent: nobody's signature was checked. */
  readonly userArn?: string;
}

/** Throws `Problem` unauthenticated. */
export type Authenticate = (request: Request, origin: Origin, now: EpochSeconds) => Promise<Caller>;

/** The gateway's IAM authorizer has checked the signature; without what it says nobody is let in. */
export const byIam: Authenticate = async (_request, { userArn }) => {
  if (userArn === undefined)
    throw unknownCaller('Sign the request with AWS Signature Version 4 (service execute-api).');
  return { tenant: tenantOfArn(userArn) };
};

/**
 * The tenant of an IAM identity: its role or user, whatever the session is called. Names that cannot be part of a key
 * become a hash.
 */
export const tenantOfArn = (arn: string): string => {
  const [, , , , account = '', resource = ''] = arn.split(':');
  const [kind = '', ...rest] = resource.split('/');
  const name = kind === 'assumed-role' ? (rest[0] ?? '') : (rest.at(-1) ?? '');
  const readable = `${account}.${kinds[kind] ?? kind}.${name}`;
  return isTenant(readable)
    ? readable
    : `${account}.${createHash('sha256').update(readable).digest('hex').slice(0, 32)}`;
};

const kinds: Readonly<Record<string, string>> = { 'assumed-role': 'role' };

/** What is known of a key is believed for a minute: so long an ended key may still work. */
const knownSeconds: Seconds = 60;
const unknownSeconds: Seconds = 5;
const keysMost = 5_000;

/** A key in `Authorization: Bearer …` or `x-api-key`. */
export const byApiKey = (keys: ApiKeys): Authenticate => {
  const seen = new Map<string, { readonly record: ApiKeyRecord | undefined; readonly until: EpochSeconds }>();
  const recordOf = async (keyId: string, now: EpochSeconds): Promise<ApiKeyRecord | undefined> => {
    const known = seen.get(keyId);
    if (known !== undefined && now < known.until) return known.record;
    const record = await keys.get(keyId);
    if (seen.size >= keysMost) seen.clear();
    seen.set(keyId, { record, until: now + (record === undefined ? unknownSeconds : knownSeconds) });
    return record;
  };
  return async (request, _origin, now) => {
    const key = parseApiKey(keyText(request.headers));
    if (key === undefined)
      throw unknownCaller('Send a key of this API as "Authorization: Bearer …" or "x-api-key: …".');
    const record = await recordOf(key.keyId, now);
    if (!isProvedBy(key.secret, record, now) || record === undefined) {
      throw unknownCaller('This key is not known, or it has ended.');
    }
    return { tenant: record.tenant };
  };
};

const keyText = (headers: Headers): string =>
  headers.get('x-api-key') ?? /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? '';

const unknownCaller = (detail: string): Problem => new Problem('unauthenticated', detail);
