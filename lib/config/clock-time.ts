export const clockTimeForm = 'a local time from "00:00" to "24:00"';

/** `"08:30"` → 510 minutes after midnight, `"24:00"` → 1,440. Undefined when it is no time. */
export const minuteOfDay = (text: string): number | undefined => {
  const [, hour, minute] = /^(\d{2}):(\d{2})$/.exec(text) ?? [];
  if (hour === undefined || minute === undefined || Number(minute) > 59) return undefined;
  const minutes = Number(hour) * 60 + Number(minute);
  return minutes <= 1440 ? minutes : undefined;
};
