import { CloudError } from '../cloud-error.ts';

export type MathNode =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'id'; readonly name: string }
  | { readonly type: 'list'; readonly items: readonly MathNode[] }
  | { readonly type: 'binary'; readonly operator: string; readonly left: MathNode; readonly right: MathNode }
  | { readonly type: 'call'; readonly name: string; readonly args: readonly MathNode[] };

/** Weakest first; operators of a level go from left to right. */
const levels: readonly (readonly string[])[] = [
  ['==', '!=', '<', '>', '<=', '>='],
  ['+', '-'],
  ['*', '/'],
];

/** A metric-math expression as a tree. Throws CloudError for what does not parse. */
export const parseMath = (expression: string): MathNode => {
  const tokens = tokensOf(expression);
  let next = 0;
  const peek = (): string | undefined => tokens[next];
  const take = (): string => {
    const token = tokens[next] ?? fail(`Error in expression: ${expression} ends too early`);
    next += 1;
    return token;
  };
  const expect = (wanted: string): void => {
    const token = take();
    if (token !== wanted) fail(`Error in expression: found ${token} where ${wanted} should be in ${expression}`);
  };

  const binary = (level: number): MathNode => {
    const operators = levels[level];
    if (operators === undefined) return unary();
    let left = binary(level + 1);
    for (let operator = peek(); operator !== undefined && operators.includes(operator); operator = peek()) {
      take();
      left = { type: 'binary', operator, left, right: binary(level + 1) };
    }
    return left;
  };
  const unary = (): MathNode => {
    if (peek() !== '-') return primary();
    take();
    return { type: 'binary', operator: '-', left: { type: 'number', value: 0 }, right: unary() };
  };
  const items = (end: string): readonly MathNode[] => {
    const found: MathNode[] = [];
    while (peek() !== end) {
      if (found.length > 0) expect(',');
      found.push(binary(0));
    }
    take();
    return found;
  };
  const primary = (): MathNode => {
    const token = take();
    if (token === '(') {
      const inner = binary(0);
      expect(')');
      return inner;
    }
    if (token === '[') return { type: 'list', items: items(']') };
    if (/^[\d.]/.test(token)) return { type: 'number', value: Number(token) };
    if (!/^[A-Za-z_]/.test(token)) return fail(`Error in expression: found ${token} in ${expression}`);
    if (peek() !== '(') return { type: 'id', name: token };
    take();
    return { type: 'call', name: token, args: items(')') };
  };

  const tree = binary(0);
  if (next < tokens.length) fail(`Error in expression: found ${tokens[next]} after the end of ${expression}`);
  return tree;
};

const tokenForm = /\s*(?:(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+)|([A-Za-z_]\w*)|(==|!=|<=|>=|[-+*/<>()[\],]))/y;

const tokensOf = (expression: string): readonly string[] => {
  const tokens: string[] = [];
  const text = expression.trim();
  tokenForm.lastIndex = 0;
  while (tokenForm.lastIndex < text.length) {
    const at = tokenForm.lastIndex;
    const match = tokenForm.exec(text);
    if (match === null)
      return fail(`${text.slice(at).trim().slice(0, 12)} in the expression ${text} is not modelled here`);
    tokens.push(match[1] ?? match[2] ?? match[3] ?? '');
  }
  return tokens;
};

const fail = (message: string): never => {
  throw new CloudError('ValidationError', message);
};
