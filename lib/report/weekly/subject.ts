import type { WeeklyReport } from './weekly-report.ts';
import { money } from './words.ts';

/** Of the mail and the notification: what it cost and what could be saved. ASCII, below 100 characters. */
export const subjectOf = ({ services, spend, plan, to }: WeeklyReport): string => {
  const broken = services.filter(
    ({ slo }) => slo?.attainedPercent !== undefined && slo.attainedPercent < slo.percent,
  ).length;
  const news =
    broken > 0
      ? `${broken} promise${broken === 1 ? '' : 's'} broken`
      : plan.savingUsdPerMonth >= 0.01
        ? `${money(plan.savingUsdPerMonth)} a month to save`
        : 'nothing to save';
  const week = `Sluice, week to ${new Date(to * 1000).toISOString().slice(0, 10)}`;
  return spend.lines.length === 0 ? `${week}: no cost is known` : `${week}: ${money(spend.usd)}, ${news}`;
};
