import { readFile } from 'node:fs/promises';
import { BadInput } from '../../model/bad-input.ts';
import type { DecisionRecord } from '../../model/decision.ts';
import { counted } from '../../report/run/format.ts';
import { clockUtc, dayUtc } from '../../report/why/times.ts';
import type { DecisionSource } from './decision-source.ts';

/** A log in a file: one DecisionRecord as JSON a line, as `npm start` and `sluice log --jsonl` write it. */
export const openFileLog = async (file: string): Promise<DecisionSource> => {
  const records = await readRecords(file);
  const byService = Map.groupBy(records, ({ decision }) => decision.service);
  const [first, last] = [records[0], records.at(-1)];
  const span =
    first && last
      ? `, ${dayUtc(first.decision.at)} ${clockUtc(first.decision.at)} to ${clockUtc(last.decision.at)} UTC`
      : '';
  return {
    label: `the file ${file}: ${counted(records.length, 'decision')} of ${counted(byService.size, 'service')}${span}`,
    services: [...byService.keys()].toSorted(),
    endsAt: last?.decision.at ?? 0,
    read: async (service, from, to) =>
      (byService.get(service) ?? []).filter(({ observation }) => observation.now >= from && observation.now < to),
  };
};

/** All records of a file, oldest first. Throws BadInput with file and line. */
export const readRecords = async (file: string): Promise<readonly DecisionRecord[]> => {
  const lines = (await textOf(file)).split('\n');
  const records = lines.flatMap((line, i) => (line.trim() === '' ? [] : [recordOf(line, `${file}:${i + 1}`)]));
  if (records.length === 0) throw bad(file, 'no decision', 'one decision record as JSON a line');
  return records.toSorted((a, b) => a.observation.now - b.observation.now);
};

const textOf = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw bad(file, code === 'ENOENT' ? 'no such file' : message, 'a decision log');
  }
};

const recordOf = (line: string, path: string): DecisionRecord => {
  const value = parse(line, path) as Partial<DecisionRecord> | null;
  const complete =
    typeof value?.observation?.now === 'number' &&
    Array.isArray(value.observation.queues) &&
    typeof value.observation.service === 'object' &&
    typeof value.decision?.service === 'string' &&
    typeof value.decision.desired === 'number' &&
    Array.isArray(value.decision.explanation);
  if (!complete) throw bad(path, line.length > 60 ? `${line.slice(0, 60)}…` : line, 'a decision record');
  return value as DecisionRecord;
};

const parse = (line: string, path: string): unknown => {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw bad(path, error instanceof Error ? error.message : String(error), 'one JSON document a line');
  }
};

const bad = (path: string, found: string, expected: string): BadInput =>
  new BadInput([{ path, found, expected, mend: '"npm start" writes such a file to out/decisions.jsonl.' }]);
