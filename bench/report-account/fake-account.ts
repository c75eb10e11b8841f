import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { ServiceBinding } from '../../lib/model/binding.ts';
import type { EpochSeconds } from '../../lib/model/units.ts';
import { createRandom } from '../../lib/simulate/random.ts';

/** What it has kept of what it was sent. */
export interface FakeAccount {
  readonly endpoint: string;
  /** Bodies by path. */
  readonly objects: ReadonlyMap<string, Buffer>;
  readonly mails: readonly string[];
  close(): void;
}

/**
 * An account with a stage, as the report function asks it: parameters, rollups, ECS, metrics, bucket and mail, through
 * the SDK's own protocols. Everything else is denied, as it is in an account that grants no more.
 */
export const startFakeAccount = async (bindings: readonly ServiceBinding[], to: EpochSeconds): Promise<FakeAccount> => {
  const objects = new Map<string, Buffer>();
  const mails: string[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const operation = String(request.headers['x-amz-target'] ?? '')
        .split('.')
        .at(-1);
      const path = request.url?.split('?')[0] ?? '';
      const kept = objects.get(path);
      if (operation) answer(response, operation, JSON.parse(body.toString() || '{}'), bindings, to);
      else if (path === '/v2/email/outbound-emails') {
        mails.push(body.toString());
        json(response, 200, { MessageId: '1' });
      } else if (request.method === 'PUT') {
        objects.set(path, body);
        response.writeHead(200, { etag: '"1"' }).end();
      } else if (request.method === 'GET' && kept !== undefined) response.writeHead(200).end(kept);
      else refuse(response, request.method === 'GET');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    mails,
    close: () => stop(server),
  };
};

const stop = (server: Server): void => {
  server.closeAllConnections();
  server.close();
};

const refuse = (response: ServerResponse, notThere: boolean): void => {
  const code = notThere ? 'NoSuchKey' : 'AccessDenied';
  const body = `<Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  response.writeHead(notThere ? 404 : 403, { 'content-type': 'text/xml' }).end(body);
};

const json = (response: ServerResponse, status: number, document: unknown): void =>
  void response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(document));

const answer = (
  response: ServerResponse,
  operation: string,
  input: unknown,
  bindings: readonly ServiceBinding[],
  to: EpochSeconds,
): void => {
  const found = answers[operation]?.(input as never, bindings, to);
  const denied = { __type: 'AccessDeniedException', message: `not authorized to perform: x:${operation}` };
  json(response, found === undefined ? 400 : 200, found ?? denied);
};

type Answers = Readonly<
  Record<string, (input: never, bindings: readonly ServiceBinding[], to: EpochSeconds) => object>
>;

const answers: Answers = {
  GetParametersByPath: (_, bindings) => ({ Parameters: parameters(bindings) }),
  Query: (input: QueryInput, bindings, to) => hours(input, bindings, to),
  GetItem: () => ({}),
  PutItem: () => ({}),
  UpdateItem: () => ({}),
  DescribeServices: ({ services }: { readonly services: readonly string[] }) => ({
    services: services.map((serviceName) => ({ serviceName, status: 'ACTIVE' })),
  }),
  GetMetricData: (input: MetricInput) => metrics(input),
};

const parameters = (bindings: readonly ServiceBinding[]) =>
  bindings.map((binding) => ({
    Name: `/sluice/bench/services/${binding.plan.service}/0`,
    Value: JSON.stringify(binding),
  }));

interface QueryInput {
  readonly ExpressionAttributeValues: Readonly<Record<string, { readonly S: string }>>;
  readonly ExclusiveStartKey?: { readonly sk: { readonly S: string } };
  readonly ScanIndexForward?: boolean;
}

/** Of a megabyte, as DynamoDB cuts its pages. */
const hoursPerPage = 500;

/** A day and a night, by an hour's item as the tick function writes it. */
const hours = (
  { ExpressionAttributeValues: values, ExclusiveStartKey: after, ScanIndexForward }: QueryInput,
  bindings: readonly ServiceBinding[],
  to: EpochSeconds,
) => {
  const service = values[':pk']?.S.slice('SVC#'.length) ?? '';
  const index = bindings.findIndex(({ plan }) => plan.service === service);
  if (index < 0 || ScanIndexForward === false) return { Items: [] };
  const hourOf = (sk: string | undefined): number => Date.parse(`${sk?.slice('HOUR#'.length)}:00Z`) / 3_600_000;
  const first = after === undefined ? hourOf(values[':from']?.S) : hourOf(after.sk.S) + 1;
  const last = Math.min(hourOf(values[':to']?.S), to / 3600 - 1);
  const end = Math.min(last, first + hoursPerPage - 1);
  const Items = Array.from({ length: Math.max(0, end - first + 1) }, (_, i) => item(service, index, first + i));
  return { Items, ...(end < last ? { LastEvaluatedKey: Items.at(-1) } : {}) };
};

const item = (service: string, index: number, hour: number) => {
  const random = createRandom(index * 1_000_003 + hour);
  const rate = (50 + ((index * 37) % 900)) * (hour % 168 < 120 && hour % 24 >= 7 && hour % 24 < 18 ? 1 : 0.1);
  const arrivals = Array.from({ length: 60 }, (_, m) => [`a${m}`, random.poisson(rate / 60)] as const).filter(
    ([, n]) => n > 0,
  );
  const jobs = arrivals.reduce((sum, [, n]) => sum + n, 0);
  const tasks = Math.max(3, Math.ceil((rate * 20) / 3600 / 0.7));
  const number = (n: number) => ({ N: String(n) });
  // Workers' totals only grow; what they grew by is the hour's.
  const total = {
    started: hour * 1000 + jobs,
    late: hour,
    completed: hour * 1000 + jobs,
    failed: hour,
    busySlotMs: hour * 2e7,
  };
  return {
    pk: { S: `SVC#${service}` },
    sk: { S: `HOUR#${new Date(hour * 3_600_000).toISOString().slice(0, 13)}` },
    ...Object.fromEntries(arrivals.map(([name, n]) => [name, number(n)])),
    't1024/4096': number(tasks * 3600),
    observed: number(3600),
    usd: number(tasks * 0.06),
    totals: { M: Object.fromEntries(Object.entries(total).map(([name, n]) => [name, number(n)])) },
  };
};

interface MetricInput {
  readonly MetricDataQueries: readonly { readonly Id: string; readonly MetricStat: { readonly Stat: string } }[];
  readonly StartTime: number;
  readonly EndTime: number;
  readonly NextToken?: string;
}

/** CloudWatch answers up to 100,800 points a page. */
const seriesPerPage = 60;

const metrics = ({ MetricDataQueries, StartTime, EndTime, NextToken }: MetricInput) => {
  const start = Number(NextToken ?? 0);
  const count = Math.floor((EndTime - StartTime) / 3600);
  const MetricDataResults = MetricDataQueries.slice(start, start + seriesPerPage).map(({ Id, MetricStat }, q) => ({
    Id,
    StatusCode: 'Complete',
    Timestamps: Array.from({ length: count }, (_, h) => StartTime + h * 3600),
    Values: Array.from({ length: count }, (_, h) => (MetricStat.Stat === 'Sum' ? 400 : 25 + ((q * 7 + h) % 13))),
  }));
  const next = start + seriesPerPage;
  return { MetricDataResults, ...(next < MetricDataQueries.length ? { NextToken: String(next) } : {}) };
};

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
};
