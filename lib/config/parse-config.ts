import { BadInput, type InputIssue } from '../model/bad-input.ts';
import type { JobApiPlan } from '../model/job-api-plan.ts';
import type { ServicePlan } from '../model/plan.ts';
import type { ReportPlan } from '../model/report-plan.ts';
import { type AlertDeliveryPlan, alertDelivery } from './alert-plan.ts';
import { type ConfigWarning, configWarnings } from './config-warnings.ts';
import { crossChecks } from './cross-checks.ts';
import { defaultHolidayYears } from './holidays.ts';
import { inputIssues, type Path, type PlacedIssue } from './input-issues.ts';
import { jobApiPlan } from './job-api-plan.ts';
import { reportPlan } from './report-plan.ts';
import { type CheckedConfig, type Config, configSchema } from './schema/config-schema.ts';
import { servicePlans } from './service-plans.ts';
import { without } from './without.ts';

export interface GoodConfig {
  readonly ok: true;
  readonly config: CheckedConfig;
  readonly plans: readonly ServicePlan[];
  /** Absent: the config has no job API. */
  readonly api?: JobApiPlan;
  /** Absent: nobody is told of alerts. */
  readonly alerts?: AlertDeliveryPlan;
  /** Absent: the config wants no weekly report. */
  readonly report?: ReportPlan;
  readonly warnings: readonly ConfigWarning[];
}
export type ParsedConfig = GoodConfig | { readonly ok: false; readonly issues: readonly InputIssue[] };

export interface ParseOptions {
  /** Whose public holidays the plans know. Default: 2020 to 2040. */
  readonly holidayYears?: readonly number[];
  /** Values of signals come by name from outside (`decide`), so that a policy may name what has no source here. */
  readonly signalsGiven?: boolean;
}

/** Checks a config and fills in every default. All issues come at once. */
export const parseConfig = (
  input: unknown,
  { holidayYears = defaultHolidayYears, signalsGiven = false }: ParseOptions = {},
): ParsedConfig => {
  const read = readConfig(input);
  const plans = read.config ? servicePlans(read.config, holidayYears) : [];
  const crossed = read.config ? crossChecks(read.config, plans, isClean(read.issues), signalsGiven) : [];
  const issues = [...read.issues, ...crossed].map(({ issue }) => issue);
  if (issues.length > 0 || !read.config) return { ok: false, issues };
  const { config } = read;
  return {
    ok: true,
    config,
    plans,
    ...(config.api && { api: jobApiPlan(config.api, plans) }),
    ...(config.alerts && { alerts: alertDelivery(config.alerts) }),
    ...(config.report && { report: reportPlan(config.report, config) }),
    warnings: configWarnings(config, plans),
  };
};

/** The plans of a config that is known to be good: `sluice.config.ts` in an app. Throws `BadInput`. */
export const toServicePlans = (config: Config, options: ParseOptions = {}): readonly ServicePlan[] => {
  const parsed = parseConfig(config, options);
  if (!parsed.ok) throw new BadInput(parsed.issues);
  return parsed.plans;
};

/** The plan of one service in the words of a config. Throws `BadInput`. */
export const toServicePlan = (
  name: string,
  service: Config['services'][string],
  rest: Omit<Config, 'services'> = {},
): ServicePlan => {
  const [plan] = toServicePlans({ ...rest, services: { [name]: service } });
  if (plan === undefined) throw new TypeError(`no plan for ${name}`);
  return plan;
};

/**
 * The schema's verdict. When something is wrong, what remains without it is read as well, so that the checks across
 * fields can speak in the same breath instead of after the next attempt.
 */
const readConfig = (input: unknown): { readonly config?: CheckedConfig; readonly issues: readonly PlacedIssue[] } => {
  const first = safeRead(input);
  let attempt = first;
  let rest = input;
  for (let round = 0; round < salvageRounds && !attempt.config; round += 1) {
    rest = without(
      rest,
      attempt.issues.map(({ path }) => path),
    );
    attempt = safeRead(rest);
  }
  return { ...(attempt.config && { config: attempt.config }), issues: first.issues };
};

const salvageRounds = 4;

const safeRead = (input: unknown): { readonly config?: CheckedConfig; readonly issues: readonly PlacedIssue[] } => {
  const result = configSchema.safeParse(input);
  return result.success ? { config: result.data, issues: [] } : { issues: inputIssues(result.error.issues, input) };
};

const isClean =
  (issues: readonly PlacedIssue[]) =>
  (path: Path): boolean =>
    issues.every((issue) => !startsWith(issue.path, path) && !startsWith(path, issue.path));

const startsWith = (path: Path, start: Path): boolean => start.every((key, i) => path[i] === key);
