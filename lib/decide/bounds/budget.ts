import type { Alert, ExplanationStep } from '../../model/decision.ts';
import type { Observation, Reading } from '../../model/observation.ts';
import type { Budget, Settings } from '../../model/plan.ts';
import type { Ruling } from '../ruling.ts';

/**
 * The monthly budgets, the service's own and the one of all services together. What was spent since the month began
 * decides: at 80, 95 and 100 % the action that is set there (the highest that is reached) warns, stops scale-out, or goes
 * down to the floor. The forecast to the end of the month only warns, because it swings with each burst.
 * Spending comes as signals (`spentUsd`, `forecastUsd`, and both with `shared`), so that a recorded decision can be taken again.
 */
export const keepBudgets = (wanted: number, current: number, observation: Observation, settings: Settings): Ruling => {
  const { signals } = observation;
  const steps: ExplanationStep[] = [];
  const alerts: Alert[] = [];
  let desired = wanted;
  const scopes: readonly Scope[] = [
    { name: 'monthly budget', budget: settings.budget, spent: signals.spentUsd, forecast: signals.forecastUsd },
    {
      name: 'shared monthly budget',
      budget: settings.sharedBudget,
      spent: signals.sharedSpentUsd,
      forecast: signals.sharedForecastUsd,
    },
  ];
  for (const scope of scopes) {
    if (!scope.budget) continue;
    const verdict = judge(scope, scope.budget);
    if (verdict === undefined) continue;
    alerts.push({ ...verdict.alert, text: `${settings.service}: ${verdict.alert.text}` });
    const most = ceilingOf(verdict.action, current, settings);
    if (most >= desired) continue;
    const text = `${verdict.alert.text} ${desired} tasks would have been wanted.`;
    steps.push({
      stage: 'bound',
      code: verdict.action === 'min' ? 'budgetMin' : 'budgetHold',
      text,
      from: desired,
      to: most,
    });
    desired = most;
  }
  return { desired, steps, alerts };
};

interface Scope {
  readonly name: string;
  readonly budget: Budget | undefined;
  readonly spent: Reading<number> | undefined;
  readonly forecast: Reading<number> | undefined;
}

interface Verdict {
  readonly action: Budget['at100'];
  readonly alert: Alert;
}

const judge = ({ name, spent, forecast }: Scope, budget: Budget): Verdict | undefined => {
  const { usdPerMonth } = budget;
  if (spent === undefined) return undefined;
  if (!spent.known) {
    const text = `What was spent of the ${name} is not known (${spent.text ?? spent.because}), so it stops nothing.`;
    return { action: 'warn', alert: { code: 'budgetUnknown', severity: 'warning', text } };
  }
  const percent = (100 * spent.value) / usdPerMonth;
  const expected = forecast?.known ? ` At the present rate it will be USD ${usd(forecast.value)}.` : '';
  const spentText = `USD ${usd(spent.value)} of the ${name} of USD ${usd(usdPerMonth)} is spent (${Math.floor(percent)} %).`;
  for (const [threshold, action] of [
    [100, budget.at100],
    [95, budget.at95],
    [80, budget.at80],
  ] as const) {
    if (percent < threshold) continue;
    const severity = threshold === 100 ? 'critical' : 'warning';
    const text = `${spentText}${expected} ${consequence[action]}`;
    return { action, alert: { code: `budget${threshold}`, severity, text } };
  }
  if (!forecast?.known || forecast.value <= usdPerMonth) return undefined;
  return { action: 'warn', alert: { code: 'budgetForecast', severity: 'warning', text: `${spentText}${expected}` } };
};

const consequence: Readonly<Record<Budget['at100'], string>> = {
  warn: 'That is a warning only.',
  hold: 'Nothing is scaled out any more.',
  min: 'The service goes down to its floor.',
};

/** A floor is promised by a person, so a budget never goes below it. */
const ceilingOf = (action: Budget['at100'], current: number, settings: Settings): number => {
  if (action === 'warn') return Number.POSITIVE_INFINITY;
  return action === 'hold' ? Math.max(current, settings.tasks.min) : settings.tasks.min;
};

const usd = (amount: number): string => amount.toFixed(2);
