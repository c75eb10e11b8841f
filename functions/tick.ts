import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { TickEvent } from '../lib/model/tick-event.ts';
import type { Tick } from '../lib/tick/due.ts';
import { tickOf } from '../lib/tick/tick-of.ts';
import { runTick } from '../lib/tick.ts';
import { bindingsOf, logger, reportOutcome, tickDependencies } from './tick-wiring.ts';

/**
 * The tick function. From Scheduler it gets a `TickEvent` each minute, from the tick queue SQS records with one in each
 * body. A queued tick that fails is returned as a failed item: it comes again, and by then is late and dropped.
 */
const handle = async (
  event: TickEvent | SQSEvent,
  _context: unknown,
  { signal }: { readonly signal: AbortSignal },
): Promise<SQSBatchResponse | undefined> => {
  if (!('Records' in event)) {
    await runOne(tickOf(event), signal);
    return undefined;
  }
  const failed: { itemIdentifier: string }[] = [];
  // The newest first: it makes the older ones of its batch duplicates, which cost nothing.
  for (const { messageId, body } of event.Records.toSorted((a, b) => (a.body < b.body ? 1 : -1))) {
    try {
      await runOne(tickOf({ body }), signal);
    } catch (error) {
      logger.error('A tick failed', { body, error });
      failed.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures: failed };
};

async function runOne(tick: Tick, signal: AbortSignal): Promise<void> {
  const bindings = await bindingsOf(tick.shard);
  reportOutcome(tick, await runTick(tick, bindings, tickDependencies, signal));
}

export const handler = middy<TickEvent | SQSEvent, SQSBatchResponse | undefined>({ timeoutEarlyInMillis: 500 })
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .handler(handle);
