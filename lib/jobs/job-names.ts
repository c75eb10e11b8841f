import { createHash } from 'node:crypto';
import { BadInput } from '../model/bad-input.ts';
import type { JobRef, NewJob } from './job-store.ts';

/** Whose jobs are without a tenant. */
export const noTenant = '-';

/** Parts of keys in the table and the bucket: nothing that a path, a separator or a terminal could take for something else. */
const tenantPattern = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/;
const jobIdPattern = /^[A-Za-z0-9_-][A-Za-z0-9._:-]{0,127}$/;

export const isTenant = (text: string): boolean => tenantPattern.test(text);
export const isJobId = (text: string): boolean => jobIdPattern.test(text);

/** @throws BadInput */
export const checkRef = ({ tenant, jobId }: JobRef): void => {
  if (!isTenant(tenant)) throw new BadInput([issueOf('tenant', tenant, 64, '. _ -')]);
  if (!isJobId(jobId)) throw new BadInput([issueOf('jobId', jobId, 128, '. _ : -')]);
};

const issueOf = (path: string, found: string, most: number, signs: string) => ({
  path,
  found: JSON.stringify(found.length > 80 ? `${found.slice(0, 80)}…` : found),
  expected: `1 to ${most} letters, digits and ${signs}, the first none of . and :`,
  mend: 'A UUID is always right.',
});

/** Equal jobs have equal hashes: same queue, type and payload text. 32 hex digits. */
export const contentHash = ({ queue, type, payload }: Pick<NewJob, 'queue' | 'type' | 'payload'>): string =>
  hash(JSON.stringify([queue, type, payload]));

/**
 * The id of a job that another one leads to: by its place among them, or by a key of the user's own. The same each
 * time, so that a handler which runs twice makes the same jobs.
 */
export const childId = (parentId: string, key: number | string): string => `j${hash(JSON.stringify([parentId, key]))}`;

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
