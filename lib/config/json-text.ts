/** Where and why a text is no JSON. Line and column count from 1. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  readonly found: string;
  readonly expected: string;
}

/**
 * Finds the first fault of a JSON text, or undefined. JSON.parse knows the place only for some faults and takes the
 * last of two equal keys in silence; here both are told.
 */
export const jsonFault = (text: string): JsonFault | undefined => {
  const scanner: Scanner = { text, at: 0 };
  try {
    value(scanner);
    skipSpace(scanner);
    if (scanner.at < text.length) fail('the end of the file');
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return describe(scanner, error);
    throw error;
  }
};

interface Scanner {
  readonly text: string;
  at: number;
}

class Fault extends Error {
  readonly found: string | undefined;
  constructor(expected: string, found?: string) {
    super(expected);
    this.found = found;
  }
}

const fail = (expected: string, found?: string): never => {
  throw new Fault(expected, found);
};

const describe = ({ text, at }: Scanner, fault: Fault): JsonFault => {
  const before = text.slice(0, at).split('\n');
  const next = text[at];
  const word = /[A-Za-z_][\w-]{0,19}/y;
  word.lastIndex = at;
  const found =
    fault.found ?? (next === undefined ? 'the end of the file' : JSON.stringify(word.exec(text)?.[0] ?? next));
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, found, expected: fault.message };
};

const skipSpace = (scanner: Scanner): void => {
  while (/[ \t\r\n]/.test(scanner.text[scanner.at] ?? '')) scanner.at += 1;
};

const takes = (scanner: Scanner, pattern: RegExp): string | undefined => {
  pattern.lastIndex = scanner.at;
  const [match] = pattern.exec(scanner.text) ?? [];
  if (match !== undefined) scanner.at += match.length;
  return match;
};

const value = (scanner: Scanner): void => {
  skipSpace(scanner);
  const next = scanner.text[scanner.at];
  if (next === '{') object(scanner);
  else if (next === '[') array(scanner);
  else if (next === '"') string(scanner);
  else if (!takes(scanner, /(-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?|true|false|null)(?![\w.])/y)) fail('a value');
};

const string = (scanner: Scanner): string => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these inside a string.
  const match = takes(scanner, /"([^"\\\u0000-\u001f]|\\(["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y);
  return match ?? fail('text that ends with a quote on the same line');
};

const object = (scanner: Scanner): void => {
  const keys = new Set<string>();
  list(scanner, '}', () => {
    if (scanner.text[scanner.at] !== '"') fail('a key in double quotes');
    const start = scanner.at;
    const key = string(scanner);
    if (keys.has(key)) {
      scanner.at = start;
      fail('each key once in an object', `the key ${key} a second time`);
    }
    keys.add(key);
    skipSpace(scanner);
    if (!takes(scanner, /:/y)) fail('":"');
    value(scanner);
  });
};

const array = (scanner: Scanner): void => list(scanner, ']', () => value(scanner));

const list = (scanner: Scanner, close: '}' | ']', item: () => void): void => {
  scanner.at += 1;
  skipSpace(scanner);
  if (scanner.text[scanner.at] === close) {
    scanner.at += 1;
    return;
  }
  for (;;) {
    skipSpace(scanner);
    item();
    skipSpace(scanner);
    const next = scanner.text[scanner.at];
    if (next !== ',' && next !== close) fail(`"," or "${close}"`);
    scanner.at += 1;
    if (next === close) return;
  }
};
