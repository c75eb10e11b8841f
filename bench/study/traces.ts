import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseTrace, type TraceBucket } from '../../lib/simulate/trace-file.ts';
import { syntheticTraces } from './synthetic-traces.ts';

export interface StudyTrace {
  readonly name: string;
  readonly buckets: readonly TraceBucket[];
}

/** Those of the judge's grid, the short one's first. */
const recorded = [
  'web_nasa_jul95',
  'web_aws_elb',
  'social_tweets_a',
  'batch_lcg_grid05',
  'genai_images_a',
  'flash_wc98_group_stage',
  'web_wc98_growth',
] as const;
export const shortTraces = 5;

/** Recorded traces are third parties' and never part of a clone: they lie beside it, or where SLUICE_TRACES says. */
const places = [
  ...(process.env.SLUICE_TRACES === undefined ? [] : [process.env.SLUICE_TRACES]),
  fileURLToPath(new URL('../../../shared/traces', import.meta.url)),
];

export const tracesFolder = (): string | undefined => places.find((place) => existsSync(`${place}/${recorded[0]}.csv`));

/** The recorded traces where they can be found, else made-up ones. `days` of each, from the start. */
export const studyTraces = (days: number, folder = tracesFolder()): readonly StudyTrace[] =>
  folder === undefined
    ? syntheticTraces(days)
    : recorded.map((name) => ({ name, buckets: firstDays(readTrace(folder, name), days) }));

const readTrace = (folder: string, name: string): readonly TraceBucket[] => {
  const file = `${folder}/${name}.csv`;
  return parseTrace(readFileSync(file, 'utf8'), file);
};

const firstDays = (buckets: readonly TraceBucket[], days: number): readonly TraceBucket[] => {
  const until = (buckets[0]?.second ?? 0) + days * 86_400;
  return buckets.filter(({ second }) => second < until);
};
