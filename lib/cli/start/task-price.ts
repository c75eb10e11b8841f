import type { ServicePlan } from '../../model/plan.ts';
import { fargatePrice, fargatePriceSource, usdOfTasks } from '../../report/fargate-price.ts';
import type { TaskPrice } from '../../report/run/run-record.ts';

/** The list price of one task of this size. The local run is in us-east-1, which the table knows. */
export const taskPrice = (region: string, worker: ServicePlan['worker']): TaskPrice => {
  const price = fargatePrice(region, worker.architecture);
  if (price === undefined) throw new Error(`no Fargate price for ${worker.architecture} in ${region}`);
  return { usdPerTaskHour: usdOfTasks(worker, 3600, price), region, date: fargatePriceSource.date };
};
