import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { openApiDocument } from '../../../lib/jobs/api/contract/openapi.ts';
import { kinds } from '../../../lib/jobs/api/http/problem.ts';
import { apiWorld } from './api-world.ts';

const document = openApiDocument() as unknown as {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
};
interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema({ $id: 'https://sluice.test/openapi', components: document.components });

/** Whether an answer is what the document says of this operation and status. */
const faults = (method: string, path: string, status: number, body: unknown): unknown => {
  const response = document.paths[path]?.[method.toLowerCase()]?.responses[String(status)];
  const [content] = Object.values(response?.content ?? {});
  if (content === undefined) return `no ${status} of ${method} ${path} in the document`;
  const text = JSON.stringify(content.schema).replaceAll('"#/components', '"https://sluice.test/openapi#/components');
  const check = ajv.compile(JSON.parse(text) as object);
  return check(body) ? undefined : check.errors;
};

test('docs/openapi.json is what "npm run docs" makes, and what is served', async () => {
  expect(JSON.parse(readFileSync('docs/openapi.json', 'utf8'))).toEqual(JSON.parse(JSON.stringify(document)));
  const { call } = apiWorld();
  const served = await call('GET', '/openapi.json', { as: 'nobody' });
  expect(served.body).toEqual(JSON.parse(JSON.stringify(document)));
  expect(document.openapi).toBe('3.1.0');
});

test('every operation has its own name and says what it answers', () => {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
});

test('answers are what the document says', async () => {
  const { call, store, time } = apiWorld();
  const body = { type: 'convert', payload: { url: 'a' } };
  const said: [string, string, { readonly status: number; readonly body: unknown }][] = [];
  const ask = async (method: string, path: string, as: string, options = {}) => {
    const answer = await call(method, path, options);
    said.push([method, as, answer]);
    return answer;
  };
  const { jobId } = (await ask('POST', '/jobs', '/jobs', { body })).body;
  await ask('POST', '/jobs', '/jobs', { body });
  await ask('POST', '/jobs', '/jobs', { body: { type: 5 } });
  await ask('POST', '/jobs', '/jobs', { body: 'x', headers: { 'content-type': 'text/plain' } });
  await ask('POST', '/jobs/batch', '/jobs/batch', { body: { jobs: [body, { type: 'no' }] } });
  await ask('GET', `/jobs/${jobId}`, '/jobs/{jobId}');
  await ask('GET', '/jobs/j0', '/jobs/{jobId}');
  await ask('GET', `/jobs/${jobId}/result`, '/jobs/{jobId}/result');
  await ask('POST', `/jobs/${jobId}/cancel`, '/jobs/{jobId}/cancel');
  const second = (await ask('POST', '/jobs', '/jobs', { body })).body.jobId;
  await store.apply({ tenant: 'alice', jobId: second }, { kind: 'succeed', at: time.now });
  await ask('GET', `/jobs/${second}/result`, '/jobs/{jobId}/result');
  await ask('GET', '/jobs?state=done', '/jobs');
  await ask('GET', '/jobs?state=x', '/jobs');
  await ask('GET', '/jobs?state=done', '/jobs', { as: 'nobody' });
  await ask('POST', '/uploads', '/uploads', { body: { bytes: 5 } });
  await ask('GET', '/health', '/health', { as: 'nobody' });
  for (const [method, path, { status, body }] of said) expect(faults(method, path, status, body)).toBeUndefined();
});

test('docs/job-api.md has every problem in its table', () => {
  const page = readFileSync('docs/job-api.md', 'utf8');
  for (const [code, { status }] of Object.entries(kinds)) expect(page).toContain(`| ${status} | \`${code}\` |`);
});
