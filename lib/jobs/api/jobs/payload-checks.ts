import * as z from 'zod';
import type { JobApiPlan } from '../../../model/job-api-plan.ts';
import { check } from '../http/check.ts';

/** The payload schemas of the job types. */
export interface PayloadChecks {
  /** Throws `Problem` when the payload does not fit its type. */
  check(type: string, payload: unknown, root: string): void;
}

/** JSON Schemas become checks once, when the function starts. */
export const payloadChecks = (types: JobApiPlan['types']): PayloadChecks => {
  const schemas = new Map(
    Object.entries(types).flatMap(([name, { payload }]) =>
      payload === undefined ? [] : [[name, z.fromJSONSchema(payload)] as const],
    ),
  );
  return {
    check: (type, payload, root) => {
      const schema = schemas.get(type);
      if (schema !== undefined) check(schema, payload, root);
    },
  };
};
