import type { EpochSeconds, Seconds } from '../../../model/units.ts';
import { CloudError } from '../cloud-error.ts';
import { type MathNode, parseMath } from './parse-math.ts';

/** One value for each period that has one, by the period's start. */
export type MathSeries = ReadonlyMap<EpochSeconds, number>;

export interface MathRange {
  /** Starts of all periods of the request, oldest first. */
  readonly periods: readonly EpochSeconds[];
  readonly periodSeconds: Seconds;
}

/**
 * The part of CloudWatch's metric math that is modelled: + − * / and comparisons, FILL, IF, MAX, MIN, SUM, AVG, ABS,
 * CEIL, FLOOR and PERIOD. A period without a value in any operand has none in the result; a division by zero leaves it
 * out. Throws CloudError for everything else, by name, and for an expression that is not a time series.
 */
export const evaluateMath = (
  expression: string,
  series: (id: string) => MathSeries | undefined,
  range: MathRange,
): MathSeries => {
  const result = evaluate(parseMath(expression), { series, range });
  if (result instanceof Map) return result;
  return fail(
    `Error in expression: ${expression} is a ${Array.isArray(result) ? 'list' : 'number'}, not a time series`,
  );
};

type Value = number | MathSeries | readonly Value[];
interface Context {
  readonly series: (id: string) => MathSeries | undefined;
  readonly range: MathRange;
}

const evaluate = (node: MathNode, context: Context): Value => {
  switch (node.type) {
    case 'number':
      return node.value;
    case 'id':
      return context.series(node.name) ?? fail(`Error in expression: there is no query with the id ${node.name}`);
    case 'list':
      return node.items.map((item) => evaluate(item, context));
    case 'binary':
      return combine(operators[node.operator] ?? (() => undefined), [
        evaluate(node.left, context),
        evaluate(node.right, context),
      ]);
    case 'call':
      return call(node.name, node.args, context);
  }
};

type Operator = (...values: readonly number[]) => number | undefined;
const truth = (holds: boolean): number => (holds ? 1 : 0);
const operators: Readonly<Record<string, (a: number, b: number) => number | undefined>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? undefined : a / b),
  '>': (a, b) => truth(a > b),
  '<': (a, b) => truth(a < b),
  '>=': (a, b) => truth(a >= b),
  '<=': (a, b) => truth(a <= b),
  '==': (a, b) => truth(a === b),
  '!=': (a, b) => truth(a !== b),
};

/** Numbers count for every period. */
const combine = (
  operator: Operator | ((a: number, b: number) => number | undefined),
  operands: readonly Value[],
): Value => {
  const apply = operator as Operator;
  const all = operands.map((operand) =>
    Array.isArray(operand)
      ? fail('Error in expression: a list stands where a metric should')
      : (operand as number | MathSeries),
  );
  const lines = all.filter((operand) => typeof operand !== 'number');
  if (lines.length === 0) return apply(...(all as readonly number[])) ?? Number.NaN;
  const [first, ...others] = lines;
  const common = [...(first?.keys() ?? [])].filter((at) => others.every((line) => line.has(at)));
  return new Map(
    common.flatMap((at) => {
      const value = apply(...all.map((operand) => (typeof operand === 'number' ? operand : (operand.get(at) ?? 0))));
      return value === undefined ? [] : [[at, value] as const];
    }),
  );
};

const call = (name: string, args: readonly MathNode[], context: Context): Value => {
  const values = (): readonly Value[] => args.map((arg) => evaluate(arg, context));
  const one = (): Value =>
    args.length === 1 ? (values()[0] ?? 0) : fail(`Error in expression: ${name} takes one argument`);
  const aggregate = aggregates[name];
  if (aggregate) return aggregateOf(one(), aggregate);
  switch (name) {
    case 'FILL':
      return fill(name, args, context);
    case 'IF':
      return ifElse(values());
    case 'PERIOD':
      return context.range.periodSeconds;
    case 'ABS':
      return combine(Math.abs, [one()]);
    case 'CEIL':
      return combine(Math.ceil, [one()]);
    case 'FLOOR':
      return combine(Math.floor, [one()]);
    default:
      return fail(`the metric math function ${name} is not modelled here`);
  }
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const aggregates: Readonly<Record<string, (values: readonly number[]) => number>> = {
  MAX: (values) => Math.max(...values),
  MIN: (values) => Math.min(...values),
  SUM: sum,
  AVG: (values) => sum(values) / values.length,
};

/** Of a list: by period, over those that have a value. Of one metric: a number over its periods. */
const aggregateOf = (value: Value, aggregate: (values: readonly number[]) => number): Value => {
  if (typeof value === 'number') return value;
  if (!Array.isArray(value)) return aggregate([...(value as MathSeries).values()]);
  const lines = value as readonly Value[];
  const times = new Set(lines.flatMap((line) => (line instanceof Map ? [...line.keys()] : [])));
  return new Map(
    [...times]
      .sort((a, b) => a - b)
      .map((at) => {
        const present = lines.flatMap((line) =>
          typeof line === 'number' ? [line] : ((line as MathSeries).get(at) ?? []),
        );
        return [at, aggregate(present)] as const;
      }),
  );
};

const fill = (name: string, args: readonly MathNode[], context: Context): Value => {
  const [metric, filler] = args;
  if (metric === undefined || filler === undefined || args.length !== 2)
    return fail(`Error in expression: ${name} takes a metric and a filler`);
  const line = evaluate(metric, context);
  if (!(line instanceof Map)) return fail(`Error in expression: ${name} takes a metric and a filler`);
  const repeats = filler.type === 'id' && filler.name === 'REPEAT';
  if (filler.type === 'id' && filler.name === 'LINEAR') return fail('FILL(…, LINEAR) is not modelled here');
  const constant = repeats ? undefined : evaluate(filler, context);
  let last: number | undefined;
  return new Map(
    context.range.periods.flatMap((at) => {
      last = line.get(at) ?? last;
      const value = line.get(at) ?? (repeats ? last : valueAt(constant, at));
      return value === undefined ? [] : [[at, value] as const];
    }),
  );
};

const valueAt = (value: Value | undefined, at: EpochSeconds): number | undefined =>
  typeof value === 'number' ? value : value instanceof Map ? value.get(at) : undefined;

const ifElse = (values: readonly Value[]): Value => {
  if (values.length !== 3) return fail('Error in expression: IF takes a condition and two values');
  const [condition, yes, no] = values;
  if (typeof condition === 'number') return (condition === 0 ? no : yes) ?? 0;
  if (!(condition instanceof Map)) return fail('Error in expression: IF takes a condition and two values');
  return new Map(
    [...condition].flatMap(([at, holds]) => {
      const value = valueAt(holds === 0 ? no : yes, at);
      return value === undefined ? [] : [[at, value] as const];
    }),
  );
};

const fail = (message: string): never => {
  throw new CloudError('ValidationError', message);
};
