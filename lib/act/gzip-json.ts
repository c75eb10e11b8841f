import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

const zip = promisify(gzip);
const unzip = promisify(gunzip);

export const gzipJson = async (value: unknown): Promise<Uint8Array> => zip(JSON.stringify(value));
export const gunzipJson = async (body: Uint8Array): Promise<unknown> =>
  JSON.parse((await unzip(body)).toString('utf8'));

/** One line a value. */
export const gzipLines = async (values: readonly unknown[]): Promise<Uint8Array> =>
  zip(values.map((value) => JSON.stringify(value)).join('\n'));
export const gunzipLines = async (body: Uint8Array): Promise<readonly unknown[]> =>
  (await unzip(body))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
