import { defaultHolidayYears, publicHolidays } from '../../config/holidays.ts';
import type { ServicePlan } from '../../model/plan.ts';

/**
 * The plan as its binding carries it: public holidays of last year to three years ahead only, since the daily function
 * adds those to come. A list for twenty years would cost a parameter of its own. Dates of the user's own all stay.
 */
export const bindingPlan = (plan: ServicePlan, thisYear: number): ServicePlan => {
  const { place, holidays } = plan.calendar;
  if (place === undefined) return plan;
  const isFar = (year: number): boolean => year < thisYear - 1 || year > thisYear + 3;
  const years = new Set([...defaultHolidayYears, ...holidays.map((date) => Number(date.slice(0, 4)))]);
  const far = new Set(publicHolidays(place, [...years].filter(isFar)));
  return { ...plan, calendar: { ...plan.calendar, holidays: holidays.filter((date) => !far.has(date)) } };
};
