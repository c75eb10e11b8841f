import { BadInput } from '../model/bad-input.ts';
import { isJobId } from './job-names.ts';

/** Where a list goes on: the last record of the page before. */
export interface ListCursor {
  readonly submittedAt: number;
  readonly jobId: string;
}

export const writeCursor = ({ submittedAt, jobId }: ListCursor): string =>
  Buffer.from(JSON.stringify([submittedAt, jobId])).toString('base64url');

/** @throws BadInput */
export const readCursor = (text: string): ListCursor => {
  const parsed = parse(text);
  if (Array.isArray(parsed) && parsed.length === 2) {
    const [submittedAt, jobId] = parsed as readonly unknown[];
    if (typeof submittedAt === 'number' && Number.isFinite(submittedAt) && typeof jobId === 'string' && isJobId(jobId))
      return { submittedAt, jobId };
  }
  throw new BadInput([
    {
      path: 'cursor',
      found: JSON.stringify(text.slice(0, 80)),
      expected: 'the cursor of the page before',
      mend: 'Pass it on as it came, or leave it out for the first page.',
    },
  ]);
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
};
