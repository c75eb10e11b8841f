import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The world outside the system: it sees every run of a handler and every effect, and forgets nothing. */
export interface Ledger {
  readonly url: string;
  figures(): LedgerFigures;
  close(): Promise<void>;
}

export interface LedgerFigures {
  /** Times that a handler ran. */
  readonly runs: number;
  /** Jobs whose handler ran at least once. */
  readonly jobs: number;
  /** Runs beyond the first of each job: second deliveries that came through to a handler. */
  readonly repeatedRuns: number;
  /** Of those, runs that no redelivery and no second message explains. */
  readonly unexplainedRuns: number;
  /** Effects asked for again under the same key, as a payment service sees them: they change nothing. */
  readonly suppressedEffects: number;
  /** Units and stages that had an effect. */
  readonly effects: number;
  /** Units and stages that had more than one. */
  readonly doubleEffects: number;
}

export const startLedger = async (): Promise<Ledger> => {
  const deliveries = new Map<string, Set<string>>();
  const keys = new Map<string, Set<string>>();
  let runs = 0;
  let unexplainedRuns = 0;
  let suppressedEffects = 0;

  const sawRun = ({ jobId, messageId, receiveCount }: RunNote): void => {
    runs += 1;
    const seen = deliveries.get(jobId) ?? new Set();
    deliveries.set(jobId, seen);
    const delivery = `${messageId}/${receiveCount}`;
    if (seen.has(delivery)) unexplainedRuns += 1;
    seen.add(delivery);
  };
  const sawEffect = ({ unit, stage, key }: EffectNote): void => {
    const place = `${stage}/${unit}`;
    const seen = keys.get(place) ?? new Set();
    keys.set(place, seen);
    if (seen.has(key)) suppressedEffects += 1;
    seen.add(key);
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const note = JSON.parse(Buffer.concat(chunks).toString()) as RunNote & EffectNote;
      if (request.url === '/run') sawRun(note);
      else sawEffect(note);
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    figures: () => ({
      runs,
      jobs: deliveries.size,
      repeatedRuns: runs - deliveries.size,
      unexplainedRuns,
      suppressedEffects,
      effects: keys.size,
      doubleEffects: [...keys.values()].filter(({ size }) => size > 1).length,
    }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

interface RunNote {
  readonly jobId: string;
  readonly messageId: string;
  readonly receiveCount: number;
}
interface EffectNote {
  readonly unit: number;
  readonly stage: string;
  readonly key: string;
}
