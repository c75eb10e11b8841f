import { z } from 'zod';
import { minuteOfDay } from '../clock-time.ts';
import { nearest } from '../nearest.ts';
import { alertsSchema } from './alerts-schema.ts';
import { apiSchema } from './api-schema.ts';
import { applySchema } from './apply-schema.ts';
import { holidaysSchema, timeZoneSchema } from './calendar-schema.ts';
import { decimal, group, note, record, rule, text, wholeNumber } from './field.ts';
import { budgetSchema, serviceSchema } from './service-schema.ts';
import { weekdayNames } from './window-schema.ts';

const serviceNameForm = 'a service name: a letter, then letters, digits, "-" or "_", at most 64';
const servicesForm = 'an object with at least one service';
const reportTimeForm = 'a weekday and a local time such as "mon 07:00"';

const isReportTime = (value: string): boolean => {
  const [day = '', time = '', ...rest] = value.split(' ');
  const minute = minuteOfDay(time);
  return rest.length === 0 && weekdayNames.some((name) => name === day) && minute !== undefined && minute < 1440;
};

const services = z
  .record(
    text(serviceNameForm, (name) => /^[A-Za-z][\w-]{0,63}$/.test(name)),
    serviceSchema,
    { error: servicesForm },
  )
  .superRefine(
    rule((value) =>
      Object.keys(value).length === 0
        ? {
            found: 'no services',
            expected: servicesForm,
            mend: 'Add one: "services": { "convert": {} } is enough to begin with.',
          }
        : undefined,
    ),
  );

const report = group({
  at: z
    .string({ error: reportTimeForm })
    .superRefine(
      rule((value) => {
        if (isReportTime(value)) return undefined;
        const day = nearest(value.split(' ')[0] ?? '', weekdayNames);
        return {
          found: JSON.stringify(value),
          expected: reportTimeForm,
          mend: day ? `Did you mean "${day} 07:00"?` : 'Write it as "mon 07:00".',
        };
      }),
    )
    .default('mon 07:00')
    .meta({ ...note('When the weekly report is made, local time.'), takes: reportTimeForm }),
  email: z
    .array(
      text('a mail address', (value) => /^[^\s@]+@[^\s@]+$/.test(value)),
      { error: 'a list of mail addresses' },
    )
    .default([])
    .meta({ ...note('Who gets it by mail, through SES.'), takes: 'a list of mail addresses' }),
  from: text('a mail address', (value) => /^[^\s@]+@[^\s@]+$/.test(value))
    .exactOptional()
    .meta(note('Sender, verified in SES.', { fallback: 'the first of `email`' })),
  topic: text('the ARN of an SNS topic', (value) => /^arn:[\w-]+:sns:[a-z0-9-]+:\d{12}:[\w-]+$/.test(value))
    .exactOptional()
    .meta(note('An SNS topic whose subscribers get the text with a link.', { fallback: 'none' })),
  apply: applySchema()
    .default([])
    .meta({
      ...note(
        'Advice that the report applies by itself to all services, and takes back when the week after is worse; see docs/report.md.',
      ),
      takes: 'a list of "schedule" or "minMax"',
    }),
});

export const configSchema = group({
  stage: text('a stage name: a letter, then letters, digits or "-", at most 40', (name) =>
    /^[a-zA-Z][a-zA-Z0-9-]{0,39}$/.test(name),
  )
    .default('sluice')
    .meta(note('Name of the stack, and of everything it keeps apart.')),
  timeZone: timeZoneSchema().default('UTC').meta(note('Zone of all schedules.')),
  holidays: holidaysSchema()
    .exactOptional()
    .meta(note('Public holidays and dates of your own.', { fallback: 'none' })),
  tickSeconds: wholeNumber(1, 60)
    .default(10)
    .meta(note('How often each service is looked at. Below 5 is meant for local runs.', { unit: 's' })),
  limits: record(
    group({
      total: decimal(0, undefined, { above: true }).meta(
        note('What all services may take together.', { unit: 'your own, such as connections' }),
      ),
    }),
  )
    .default({})
    .meta(note('Downstream limits that services share, by name.')),
  budget: budgetSchema()
    .exactOptional()
    .meta(note('Monthly budget of all services together.', { fallback: 'none' })),
  api: apiSchema()
    .exactOptional()
    .meta(note('A job API over HTTP in front of the queues; see docs/job-api.md.', { fallback: 'none' })),
  alerts: alertsSchema()
    .exactOptional()
    .meta(
      note('Alerts that reach people, through SNS; see docs/operations.md.', {
        fallback: 'none: alerts are in the decision log, `status` and the function’s log',
      }),
    ),
  dashboard: z
    .boolean({ error: 'true or false' })
    .default(false)
    .meta({
      ...note(
        'A page in CloudWatch: tasks, load, queues, changes with their reasons, alerts. An account’s fourth and each further one costs USD 3 a month.',
      ),
      takes: 'true or false',
    }),
  report: report
    .exactOptional()
    .meta(
      note('The weekly cost report; see docs/report.md.', { fallback: 'none: `sluice report` makes one when asked' }),
    ),
  services: services.meta({ ...note('The services, by name.'), takes: 'an object { name: service }' }),
});

/** What a person writes in `sluice.config.ts`. */
export type Config = z.input<typeof configSchema>;
/** The same, checked and with the defaults that depend on nothing else. */
export type CheckedConfig = z.output<typeof configSchema>;
