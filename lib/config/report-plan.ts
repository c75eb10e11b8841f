import type { ReportPlan } from '../model/report-plan.ts';
import { minuteOfDay } from './clock-time.ts';
import type { CheckedConfig } from './schema/config-schema.ts';
import { weekdayNames } from './schema/window-schema.ts';

/** A checked `report` → what its function and its schedule get. */
export const reportPlan = (
  { at, email, from = email[0], topic }: NonNullable<CheckedConfig['report']>,
  { timeZone }: CheckedConfig,
): ReportPlan => {
  const [day = '', time = ''] = at.split(' ');
  return {
    at: { weekday: weekdayNames.find((name) => name === day) ?? 'mon', minute: minuteOfDay(time) ?? 0 },
    timeZone,
    email,
    ...(from === undefined || email.length === 0 ? {} : { from }),
    ...(topic === undefined ? {} : { topicArn: topic }),
  };
};
