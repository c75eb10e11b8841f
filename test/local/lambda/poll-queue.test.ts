import { describe, expect, it } from 'vitest';
import { failedItems } from '../../../lib/local/lambda/poll-queue.ts';

const batch = [{ MessageId: 'a' }, { MessageId: 'b' }];

describe('failedItems', () => {
  it.each([
    ['nothing returned', 'null', []],
    ['no list', '{}', []],
    ['an empty list', '{"batchItemFailures":[]}', []],
    ['one failure', '{"batchItemFailures":[{"itemIdentifier":"b"}]}', ['b']],
    ['an unknown id', '{"batchItemFailures":[{"itemIdentifier":"z"}]}', ['a', 'b']],
    ['an item without id', '{"batchItemFailures":[{}]}', ['a', 'b']],
    ['something else', '{"batchItemFailures":7}', ['a', 'b']],
  ])('%s', (_name, payload, expected) => {
    expect([...failedItems(payload, batch)]).toEqual(expected);
  });
});
