import { expect, it } from 'vitest';
import { withRecords } from '../../lib/local/run/with-records.ts';

const books = { submitted: 10, done: 5, failed: 1, expired: 0, cancelled: 0, queued: 1, running: 0, lost: 3 };
const none = { done: 0, failed: 0, expired: 0, cancelled: 0, queued: 0, running: 0 };

it('finds in the records what looked lost: expired and cancelled jobs leave no trace in a queue', () => {
  const all = withRecords(books, { own: { expired: 2, cancelled: 1 }, others: none });
  expect(all).toEqual({ ...books, expired: 2, cancelled: 1, lost: 0 });
});

it('a job that is missing in the records too stays lost', () => {
  expect(withRecords(books, { own: { expired: 1, cancelled: 0 }, others: none }).lost).toBe(2);
});

it('adds the jobs that others submitted', () => {
  const all = withRecords(books, { own: { expired: 0, cancelled: 0 }, others: { ...none, done: 7, cancelled: 2 } });
  expect(all).toEqual({ ...books, submitted: 19, done: 12, cancelled: 2 });
});

it('books without records stay as they are', () => {
  expect(withRecords(books, { own: { expired: 0, cancelled: 0 }, others: none })).toEqual(books);
});
