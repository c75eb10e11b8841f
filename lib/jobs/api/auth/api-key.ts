import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { EpochSeconds } from '../../../model/units.ts';

/** `sluice_<id>_<secret>`: the id finds the record, the secret proves it. */
export interface ApiKey {
  readonly keyId: string;
  readonly secret: string;
}

/** What is stored of a key. The secret is 256 random bits, so a plain hash cannot be searched; nothing slower is needed. */
export interface ApiKeyRecord {
  readonly keyId: string;
  readonly tenant: string;
  /** SHA-256 of the secret, hex. */
  readonly secretHash: string;
  readonly createdAt: EpochSeconds;
  /** From then on it is refused. Absent: it never ends by itself. */
  readonly endsAt?: EpochSeconds;
  readonly note?: string;
}

const form = /^sluice_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/;

export const parseApiKey = (text: string): ApiKey | undefined => {
  const [, keyId, secret] = form.exec(text) ?? [];
  return keyId === undefined || secret === undefined ? undefined : { keyId, secret };
};

export const formatApiKey = ({ keyId, secret }: ApiKey): string => `sluice_${keyId}_${secret}`;

/** A key for a tenant, and the record of it. The text is not kept anywhere. */
export const newApiKey = (
  tenant: string,
  now: EpochSeconds,
  more: Pick<ApiKeyRecord, 'endsAt' | 'note'> = {},
): { readonly text: string; readonly record: ApiKeyRecord } => {
  const keyId = randomBytes(8).readBigUInt64BE().toString(36).padStart(13, '0').slice(-12);
  const secret = randomBytes(32).toString('base64url');
  return {
    text: formatApiKey({ keyId, secret }),
    record: { keyId, tenant, secretHash: hashOf(secret), createdAt: now, ...more },
  };
};

/** Takes the same time whether there is a record or not, and wherever the first wrong byte is. */
export const isProvedBy = (secret: string, record: ApiKeyRecord | undefined, now: EpochSeconds): boolean => {
  const expected = Buffer.from(record?.secretHash ?? nobody, 'hex');
  const given = Buffer.from(hashOf(secret), 'hex');
  const equal = expected.length === given.length && timingSafeEqual(expected, given);
  return equal && record !== undefined && (record.endsAt === undefined || now < record.endsAt);
};

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
const nobody = '0'.repeat(64);
