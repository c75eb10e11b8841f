import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { bindingPlan } from '../../lib/constructs/bindings/binding-plan.ts';
import { bundleSize } from '../../lib/constructs/code/bundle-size.ts';
import { functionBundle } from '../../lib/constructs/code/function-code.ts';
import { danishCalendar, planOf, specOf, stackOf } from './fixtures.ts';
import { ofType, resolved, statementsOf } from './resolved.ts';

const template = Template.fromStack(
  stackOf([specOf('convert', { calendar: danishCalendar }), specOf('archive', { calendar: danishCalendar })]),
).toJSON();

describe('the daily holiday function', () => {
  test('is there only when a calendar has a country', () => {
    const plain = Template.fromStack(stackOf([specOf('convert')])).toJSON();
    expect(ofType(plain, 'AWS::Lambda::Function')).toHaveLength(1);
    expect(ofType(template, 'AWS::Lambda::Function').map(([id]) => id)).toEqual([
      expect.stringMatching(/^ScalerTick/),
      expect.stringMatching(/^ScalerHolidays/),
    ]);
  });

  test('gets each place once, runs daily, and shares Scheduler’s role', () => {
    const [, { Properties: fn } = { Properties: {} }] =
      ofType(template, 'AWS::Lambda::Function').find(([id]) => id.startsWith('ScalerHolidays')) ?? [];
    expect(fn).toMatchObject({ Environment: { Variables: { SLUICE_PLACES: '[{"country":"DK"}]' } } });
    const schedules = ofType(template, 'AWS::Scheduler::Schedule').map(([, { Properties }]) => Properties);
    expect(schedules.map(({ ScheduleExpression }) => ScheduleExpression).toSorted()).toEqual([
      'rate(1 day)',
      'rate(1 minute)',
    ]);
    expect(new Set(schedules.map(({ Target }) => resolved((Target as { RoleArn: unknown }).RoleArn))).size).toBe(1);
  });

  test('may write calendars and its log, and nothing else', () => {
    const own = statementsOf(template).filter(({ policy }) => policy.startsWith('ScalerHolidays'));
    expect(own.map(({ Action, Condition }) => [[Action].flat(), Condition])).toEqual([
      [['logs:CreateLogStream', 'logs:PutLogEvents'], undefined],
      [['dynamodb:PutItem'], { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['CAL#*'] } }],
    ]);
  });

  test('keeps its library out of the tick', () => {
    const packages = (name: string) => bundleSize(functionBundle(name)).byPackage.map(([dependency]) => dependency);
    expect(packages('holidays')).toContain('date-holidays');
    expect(packages('tick').filter((dependency) => dependency.startsWith('date-holidays'))).toEqual([]);
  });
});

describe('the dates that a binding carries', () => {
  const holidays = ['2021-12-25', '2022-07-01', '2026-12-24', '2026-12-25', '2029-12-26', '2030-12-25', '2035-07-01'];

  test('leave out public holidays of far years, and keep all of the user’s own', () => {
    const plan = planOf('convert', { calendar: { ...danishCalendar, holidays } });
    expect(bindingPlan(plan, 2026).calendar.holidays).toEqual([
      '2022-07-01',
      '2026-12-24',
      '2026-12-25',
      '2029-12-26',
      '2035-07-01',
    ]);
  });

  test('are all there without a country: nobody adds any later', () => {
    const plan = planOf('convert', { calendar: { timeZone: 'UTC', holidays } });
    expect(bindingPlan(plan, 2026)).toBe(plan);
  });
});
