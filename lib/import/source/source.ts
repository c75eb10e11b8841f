import { BadInput } from '../../model/bad-input.ts';

export type Scalar = string | number | boolean | null;
export type SourceContent = Scalar | readonly Source[] | ReadonlyMap<string, Source>;

/**
 * A value of an imported file with its place, which remembers whether anybody has looked at it. What is still unread
 * when a translation ends has no counterpart, and is told: so nothing can be dropped by being forgotten.
 */
export class Source {
  readonly file: string;
  readonly line: number;
  /** `spec.triggers[0].type`; empty for a document. */
  readonly path: string;
  readonly content: SourceContent;
  #read = false;

  constructor(file: string, line: number, path: string, content: SourceContent) {
    this.file = file;
    this.line = line;
    this.path = path;
    this.content = content;
  }

  /** `keda.yaml:12 spec.maxReplicaCount` */
  get place(): string {
    return `${this.file}:${this.line}${this.path === '' ? '' : ` ${this.path}`}`;
  }

  /** Shortened JSON. */
  get shown(): string {
    const json = JSON.stringify(plain(this));
    return json.length > 80 ? `${json.slice(0, 77)}…` : json;
  }

  /** A member of an object by a path of keys: `get('spec', 'behavior')`. Undefined: it is not there, or null. */
  get(...keys: readonly string[]): Source | undefined {
    let at: Source | undefined = this;
    for (const key of keys) {
      at = at === undefined ? undefined : at.#fields().get(key);
      if (at?.content === null) return undefined;
    }
    return at;
  }

  has(key: string): boolean {
    return this.isObject && this.get(key) !== undefined;
  }

  need(key: string, mend: string): Source {
    const found = this.get(key);
    if (found === undefined) throw wrong(this, 'nothing', `"${key}"`, mend, key);
    return found;
  }

  get isObject(): boolean {
    return this.content instanceof Map;
  }

  get isList(): boolean {
    return Array.isArray(this.content);
  }

  entries(): readonly (readonly [key: string, value: Source])[] {
    return [...this.#fields()];
  }

  items(): readonly Source[] {
    if (!Array.isArray(this.content)) throw wrong(this, this.shown, 'a list', 'Write it as a list.');
    return this.content;
  }

  /** Numbers and flags count as text too: YAML reads `on: 1` and `on: "1"` differently, and peers do not care. */
  text(): string {
    this.#read = true;
    if (typeof this.content === 'object') throw wrong(this, this.shown, 'text', 'Write one value.');
    return String(this.content);
  }

  oneOf<const T extends string>(values: readonly T[]): T {
    const text = this.text();
    const value = values.find((known) => known === text);
    if (value === undefined)
      throw wrong(this, this.shown, `one of ${values.join(', ')}`, 'Correct it; the peer would refuse it too.');
    return value;
  }

  number(min = Number.NEGATIVE_INFINITY): number {
    const value = Number(this.text().trim() || Number.NaN);
    if (!Number.isFinite(value) || value < min)
      throw wrong(
        this,
        this.shown,
        min === Number.NEGATIVE_INFINITY ? 'a number' : `a number of ${min} or more`,
        'Correct it; the peer would refuse it too.',
      );
    return value;
  }

  wholeNumber(min = 0): number {
    const value = this.number(min);
    if (!Number.isInteger(value))
      throw wrong(this, this.shown, 'a whole number', 'Correct it; the peer would refuse it too.');
    return value;
  }

  flag(): boolean {
    const text = this.text().toLowerCase();
    if (text !== 'true' && text !== 'false') throw wrong(this, this.shown, 'true or false', 'Write true or false.');
    return text === 'true';
  }

  /** Marks it and everything below as looked at: identity, labels, or what a note of its own tells. */
  skip(): this {
    this.#read = true;
    for (const child of this.#children()) child.skip();
    return this;
  }

  /** The highest nodes below which nothing was looked at. */
  unread(): readonly Source[] {
    const children = this.#children();
    if (children.length === 0 && (this.#read || this.content === null || typeof this.content === 'object')) return [];
    if (this.#read) return children.flatMap((child) => child.unread());
    const below = children.flatMap((child) => child.unread());
    const untouched = below.length === children.length && below.every((node, i) => node === children[i]);
    return untouched ? [this] : below;
  }

  #children(): readonly Source[] {
    if (Array.isArray(this.content)) return this.content;
    return this.content instanceof Map ? [...this.content.values()] : [];
  }

  #fields(): ReadonlyMap<string, Source> {
    if (!(this.content instanceof Map)) throw wrong(this, this.shown, 'an object', 'Correct the indentation there.');
    return this.content;
  }
}

/** The value without places. */
export const plain = ({ content }: Source): unknown => {
  if (Array.isArray(content)) return content.map(plain);
  return content instanceof Map ? Object.fromEntries([...content].map(([key, value]) => [key, plain(value)])) : content;
};

export const wrong = (source: Source, found: string, expected: string, mend: string, key?: string): BadInput => {
  const place = key === undefined ? source.place : `${source.place}${source.path === '' ? ' ' : '.'}${key}`;
  return new BadInput([{ path: place, found, expected, mend }]);
};
