import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;
export interface Substitutes {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, AttributeValue>>;
}

/** Condition, key, filter and update expressions, as far as Sluice uses them; anything else is refused. */
export const meets = (text: string | undefined, item: Item | undefined, given: Substitutes): boolean =>
  text === undefined || new Reader(text, item ?? {}, given).condition();

export const updated = (text: string, item: Item, given: Substitutes): Item => new Reader(text, item, given).update();

const token = /\s*([#:][\w]+|[A-Za-z_][\w]*|<=|>=|<>|[=<>(),+-])/y;

class Reader {
  readonly #tokens: string[] = [];
  #at = 0;
  readonly #item: Item;
  readonly #given: Substitutes;

  constructor(text: string, item: Item, given: Substitutes) {
    this.#item = item;
    this.#given = given;
    token.lastIndex = 0;
    while (token.lastIndex < text.trimEnd().length) {
      const match = token.exec(text);
      if (match === null) throw new Error(`cannot read ${text}`);
      this.#tokens.push(match[1] ?? '');
    }
  }

  condition(): boolean {
    const result = this.#or();
    if (this.#at < this.#tokens.length) throw new Error(`left over: ${this.#tokens.slice(this.#at).join(' ')}`);
    return result;
  }

  update(): Item {
    const after: Item = { ...this.#item };
    let section = '';
    while (this.#at < this.#tokens.length) {
      const word = this.#peek().toUpperCase();
      if (['SET', 'REMOVE', 'ADD', 'DELETE'].includes(word)) {
        section = word;
        this.#next();
      } else if (this.#peek() === ',') this.#next();
      else this.#change(section, after);
    }
    return after;
  }

  #change(section: string, after: Item): void {
    const name = this.#name(this.#next());
    if (section === 'REMOVE') {
      delete after[name];
      return;
    }
    if (section === 'SET') {
      this.#expect('=');
      let value = this.#operand();
      while (this.#peek() === '+' || this.#peek() === '-') {
        const sign = this.#next() === '+' ? 1 : -1;
        value = { N: String(numberOf(value) + sign * numberOf(this.#operand())) };
      }
      if (value === undefined) throw new Error(`no value for ${name}`);
      after[name] = value;
      return;
    }
    const value = this.#operand();
    const before = this.#item[name];
    if (section === 'ADD' && value?.N !== undefined)
      after[name] = { N: String(numberOf(before ?? { N: '0' }) + numberOf(value)) };
    else {
      const [kind, change] = setOf(value);
      const rest = new Set(before === undefined ? [] : setOf(before)[1]);
      for (const element of change) section === 'ADD' ? rest.add(element) : rest.delete(element);
      if (rest.size === 0) delete after[name];
      else after[name] = { [kind]: [...rest] } as unknown as AttributeValue;
    }
  }

  #or(): boolean {
    let result = this.#and();
    while (this.#word('OR')) {
      const other = this.#and();
      result ||= other;
    }
    return result;
  }

  #and(): boolean {
    let result = this.#not();
    while (this.#word('AND')) {
      const other = this.#not();
      result &&= other;
    }
    return result;
  }

  #not(): boolean {
    return this.#word('NOT') ? !this.#not() : this.#primary();
  }

  #primary(): boolean {
    if (this.#peek() === '(') {
      this.#next();
      const result = this.#or();
      this.#expect(')');
      return result;
    }
    if (this.#tokens[this.#at + 1] === '(' && this.#peek() !== 'if_not_exists') return this.#function();
    const left = this.#operand();
    if (this.#word('IN')) return this.#list().some((value) => same(left, value));
    if (this.#word('BETWEEN')) {
      const low = this.#operand();
      if (!this.#word('AND')) throw new Error('BETWEEN without AND');
      return order(left, low) >= 0 && order(left, this.#operand()) <= 0;
    }
    const operator = this.#next();
    const right = this.#operand();
    if (operator === '=') return same(left, right);
    if (operator === '<>') return !same(left, right);
    if (left === undefined || right === undefined) return false;
    const compared = order(left, right);
    return (
      { '<': compared < 0, '<=': compared <= 0, '>': compared > 0, '>=': compared >= 0 }[operator] ?? refuse(operator)
    );
  }

  #function(): boolean {
    const name = this.#next();
    const [first, second] = this.#list();
    if (name === 'attribute_exists') return first !== undefined;
    if (name === 'attribute_not_exists') return first === undefined;
    if (name === 'begins_with') return first?.S?.startsWith(second?.S ?? '') ?? false;
    if (name === 'contains') {
      return first !== undefined && second !== undefined && setOf(first)[1].includes(second.N ?? second.S ?? '');
    }
    return refuse(name);
  }

  #list(): (AttributeValue | undefined)[] {
    this.#expect('(');
    const values: (AttributeValue | undefined)[] = [];
    while (this.#peek() !== ')') {
      values.push(this.#operand());
      if (this.#peek() === ',') this.#next();
    }
    this.#next();
    return values;
  }

  #operand(): AttributeValue | undefined {
    const word = this.#next();
    if (word === 'if_not_exists') {
      const [here, otherwise] = this.#list();
      return here ?? otherwise;
    }
    if (word.startsWith(':')) return this.#given.values[word] ?? refuse(word);
    return this.#item[this.#name(word)];
  }

  #name(word: string): string {
    if (!word.startsWith('#')) return reserved.has(word.toLowerCase()) ? refuse(`${word}, a reserved word`) : word;
    return this.#given.names[word] ?? refuse(word);
  }

  #word(word: string): boolean {
    if (this.#peek().toUpperCase() !== word) return false;
    this.#at += 1;
    return true;
  }
  #expect(word: string): void {
    if (this.#next() !== word) throw new Error(`expected ${word} in ${this.#tokens.join(' ')}`);
  }
  #peek(): string {
    return this.#tokens[this.#at] ?? '';
  }
  #next(): string {
    this.#at += 1;
    return this.#tokens[this.#at - 1] ?? refuse('end of expression');
  }
}

/** Those that somebody here might come to use. */
const reserved = new Set(
  'at by count error queue name result state status ttl type value version total'
    .split(' ')
    .filter((word) => !['at', 'queue', 'result', 'version', 'error'].includes(word)),
);

const refuse = (what: string): never => {
  throw new Error(`not understood in an expression: ${what}`);
};
const numberOf = (value: AttributeValue | undefined): number => Number(value?.N ?? refuse('a value that is no number'));
const setOf = (value: AttributeValue | undefined): readonly ['NS' | 'SS', readonly string[]] => {
  if (value?.NS !== undefined) return ['NS', value.NS];
  return value?.SS === undefined ? ['NS', []] : ['SS', value.SS];
};
const same = (a: AttributeValue | undefined, b: AttributeValue | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  (a.N !== undefined && b.N !== undefined ? Number(a.N) === Number(b.N) : JSON.stringify(a) === JSON.stringify(b));
/** Of two numbers or two texts. */
export const order = (a: AttributeValue | undefined, b: AttributeValue | undefined): number => {
  if (a?.N !== undefined && b?.N !== undefined) return Number(a.N) - Number(b.N);
  const [left, right] = [a?.S ?? '', b?.S ?? ''];
  return left < right ? -1 : left > right ? 1 : 0;
};
