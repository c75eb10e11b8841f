import { z } from 'zod';
import { choices, oneOf } from './field.ts';

/** Advice that can be taken back at once. Never purchases, databases or anything else that is gone once it is done. */
const applicable = ['schedule', 'minMax'] as const;
const applyForm = `a list of ${choices(applicable)}`;

export const applySchema = () => z.array(oneOf(applicable), { error: applyForm }).meta({ takes: applyForm });
