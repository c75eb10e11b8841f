import type { WeeklyReport } from './weekly-report.ts';
import { money } from './words.ts';

/** Of the mail and the notification: what it cost and what could be saved. ASCII, below 100 characters. */
export const subjectOf = ({ services, plan, to }: WeeklyReport): string => {
  const usd = services.reduce((sum, service) => sum + (service.usd ?? 0), 0);
  const broken = services.filter(
    ({ slo }) => slo?.attainedPercent !== undefined && slo.attainedPercent < slo.percent,
  ).length;
  const news =
    broken > 0
      ? `${broken} promise${broken === 1 ? '' : 's'} broken`
      : plan.savingUsdPerMonth >= 0.01
        ? `${money(plan.savingUsdPerMonth)} a month to save`
        : 'nothing to save';
  return `Sluice, week to ${new Date(to * 1000).toISOString().slice(0, 10)}: ${money(usd)}, ${news}`;
};
