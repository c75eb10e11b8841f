import { BadInput } from '../model/bad-input.ts';
import type { TickEvent } from '../model/tick-event.ts';
import type { Tick } from './due.ts';

/** A tick from what invoked the function: the event itself from Scheduler, or a record of the tick queue. Throws BadInput. */
export function tickOf(event: TickEvent | { readonly body: string }): Tick {
  const source = 'body' in event ? 'queue' : 'minute';
  const { shard, scheduledAt } = 'body' in event ? (JSON.parse(event.body) as Partial<TickEvent>) : event;
  const at = Date.parse(scheduledAt ?? '') / 1000;
  if (typeof shard !== 'string' || !Number.isFinite(at)) throw badTick(event);
  return { shard, scheduledAt: at, source };
}

const badTick = (event: unknown): BadInput =>
  new BadInput([
    {
      path: 'tick event',
      found: JSON.stringify(event),
      expected: '{ "shard": "…", "scheduledAt": "2026-11-21T10:00:00Z" }',
      mend: 'Deploy the stack again: it writes the schedule that sends this.',
    },
  ]);
