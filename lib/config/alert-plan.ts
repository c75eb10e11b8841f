import type { AlertNumbers, AlertSettings } from '../model/alert-numbers.ts';
import type { AlertPlan } from '../model/alert-plan.ts';
import { parseDuration } from './duration.ts';
import type { CheckedConfig } from './schema/config-schema.ts';
import type { CheckedService } from './schema/service-schema.ts';

/** How alerts reach people: the rules of telling, and where they are sent. */
export interface AlertDeliveryPlan {
  readonly rules: AlertPlan;
  /** ARN of an SNS topic. Absent: the stack makes one. */
  readonly topicArn?: string;
  readonly email: readonly string[];
}

export const alertDelivery = (given: NonNullable<CheckedConfig['alerts']>): AlertDeliveryPlan => {
  const repeatSeconds = parseDuration(given.repeat);
  return {
    rules: {
      severity: given.severity,
      afterSeconds: parseDuration(given.after) ?? 0,
      clearSeconds: parseDuration(given.clear) ?? 0,
      ...(repeatSeconds === undefined ? {} : { repeatSeconds }),
    },
    email: given.email,
    ...(given.topic === undefined ? {} : { topicArn: given.topic }),
  };
};

/** What a service raises: its own numbers before those of all services. Undefined: all as usual. */
export const alertSettings = (service: CheckedService, config: CheckedConfig): AlertSettings | undefined => {
  const merged = { ...numbersIn(config.alerts), ...numbersIn(service.alerts) };
  const { watch = [], off = [], ...numbers } = merged;
  if (Object.keys(merged).length === 0) return undefined;
  return {
    ...(Object.keys(numbers).length > 0 && { numbers }),
    ...(watch.length > 0 && { watch }),
    ...(off.length > 0 && { off }),
  };
};

const numbersIn = (
  given: CheckedService['alerts'] | CheckedConfig['alerts'],
): Partial<AlertNumbers> & Pick<AlertSettings, 'watch' | 'off'> => {
  const { cpuWarning, cpuCritical, memoryCritical, queueDepth, latencyMs, readyPercent, watch, off } = given ?? {};
  const all = { cpuWarning, cpuCritical, memoryCritical, queueDepth, latencyMs, readyPercent, watch, off };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
};
