import { minutesPerWeek, type WeekMinute } from './cron.ts';

/** Something that happens each week at the same minute. */
export interface WeekEvent<T> {
  readonly at: WeekMinute;
  readonly what: T;
}

/** The newest event at or before a minute, round the end of the week. Of two at one minute the later in the list. */
export const newestBefore = <T>(events: readonly WeekEvent<T>[], minute: WeekMinute): WeekEvent<T> | undefined => {
  const age = ({ at }: WeekEvent<T>): number => (minute - at + minutesPerWeek) % minutesPerWeek;
  let newest: WeekEvent<T> | undefined;
  for (const event of events) if (newest === undefined || age(event) <= age(newest)) newest = event;
  return newest;
};
