/** A generator as a value: 32 bits of state, so that a model that holds it stays a pure function. */
export type RandomState = number;

/** Uniform in [0, 1), and the state after it (mulberry32). */
export const drawUniform = (state: RandomState): readonly [value: number, next: RandomState] => {
  const next = (state + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(next ^ (next >>> 15), next | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return [((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32, next];
};

/** Log-normal with the given median and 95th percentile. Equal or inverted ones give the median itself. */
export const drawLogNormal = (
  state: RandomState,
  median: number,
  p95: number,
): readonly [value: number, next: RandomState] => {
  const [first, middle] = drawUniform(state);
  const [second, next] = drawUniform(middle);
  const normal = Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
  const sigma = p95 > median && median > 0 ? Math.log(p95 / median) / 1.6448536 : 0;
  return [median * Math.exp(sigma * normal), next];
};

/** `digits` hexadecimal digits, the shape of ids of ECS tasks. */
export const drawHex = (state: RandomState, digits: number): readonly [value: string, next: RandomState] => {
  let text = '';
  let current = state;
  while (text.length < digits) {
    const [value, next] = drawUniform(current);
    text += Math.floor(value * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
    current = next;
  }
  return [text.slice(0, digits), current];
};
