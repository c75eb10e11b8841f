import { z } from 'zod';
import { alertKinds } from '../../model/alert-catalogue.ts';
import { usualAlertNumbers } from '../../model/alert-numbers.ts';
import { durationForm, parseDuration } from '../duration.ts';
import { nearest } from '../nearest.ts';
import { decimal, group, listOf, note, oneOf, rule, text } from './field.ts';

const topicArn = 'the ARN of an SNS topic';
const watched = ['cpu', 'memory', 'latencyMs'] as const;

const never = 'never';
const repeatForm = `${durationForm}, or "${never}"`;

const length = (usual: string) =>
  text(durationForm, (value) => parseDuration(value) !== undefined)
    .default(usual)
    .meta({ takes: durationForm });

const code = text('the code of an alert (docs/operations.md)').superRefine(
  rule((value: string) => {
    if (Object.hasOwn(alertKinds, value)) return undefined;
    const near = nearest(value, Object.keys(alertKinds));
    return {
      found: JSON.stringify(value),
      expected: 'the code of an alert',
      mend: near ? `Did you mean "${near}"?` : 'The codes are in docs/operations.md, "Alerts".',
    };
  }),
);

const number = (name: keyof typeof usualAlertNumbers, description: string, unit: string, max?: number) =>
  decimal(0, max, { above: true })
    .exactOptional()
    .meta(note(description, { unit, fallback: `${usualAlertNumbers[name]}` }));

/** Where alerts of load begin: at the top for all services, in a service for itself. */
const numberFields = {
  cpuWarning: number('cpuWarning', 'Alert `cpuHigh`: a warning above this.', '%', 100),
  cpuCritical: number('cpuCritical', 'Alert `cpuHigh`: critical above this.', '%', 100),
  memoryCritical: number('memoryCritical', 'Alert `memoryHigh`: critical above this.', '%', 100),
  queueDepth: number('queueDepth', 'Alert `queueLong`: more jobs than this wait.', 'jobs'),
  latencyMs: number('latencyMs', 'Alert `slowResponses`: slower than this.', 'ms'),
  readyPercent: number('readyPercent', 'Alert `rolloutDegraded`: fewer of the desired tasks are ready.', '%', 100),
  watch: listOf(oneOf(watched), `a list of ${watched.map((name) => `"${name}"`).join(', ')}`, 0)
    .exactOptional()
    .meta(
      note(
        'Signals that are read every five minutes for the sake of alerts; USD 0.09 a month each, `latencyMs` 0.26.',
        {
          fallback: 'none: alerts of load go by what policies look at',
        },
      ),
    ),
  off: listOf(code, 'a list of codes of alerts', 0)
    .exactOptional()
    .meta(note('Alerts that are not raised, by code; see docs/operations.md.', { fallback: 'none' })),
};

export const serviceAlertsSchema = () => group(numberFields);

export const alertsSchema = () =>
  group({
    topic: text(topicArn, (value) => /^arn:[\w-]+:sns:[a-z0-9-]+:\d{12}:[\w-]+$/.test(value))
      .exactOptional()
      .meta(note('An SNS topic of yours.', { fallback: 'one is made' })),
    email: z
      .array(
        text('a mail address', (value) => /^[^\s@]+@[^\s@]+$/.test(value)),
        { error: 'a list of mail addresses' },
      )
      .default([])
      .meta({
        ...note('Who gets them by mail. SNS asks each address once whether it wants to.'),
        takes: 'a list of mail addresses',
      }),
    severity: oneOf(['info', 'warning', 'critical'])
      .default('warning')
      .meta(note('The least severity that people are told of.')),
    after: length('1m').meta(
      note('A warning must last this long before it is told; what is critical is told at once.'),
    ),
    clear: length('5m').meta(note('An alert is over when it was not raised for this long.')),
    repeat: text(repeatForm, (value) => value === never || parseDuration(value) !== undefined)
      .default('4h')
      .meta(note('While it lasts, an alert is told again this often.')),
    ...numberFields,
  });
