/** A seeded source of chance for everything pure. Equal seeds give equal sequences on every machine. */
export interface Random {
  /** In [0, 1). */
  uniform(): number;
  /** An integer in [0, below). */
  integer(below: number): number;
  /** Standard normal. */
  normal(): number;
  /** By its own mean and coefficient of variation (standard deviation ÷ mean), not those of its logarithm. */
  lognormal(mean: number, cv: number): number;
  /** Time to the next event of a Poisson process with `rate` events per unit of time. */
  exponential(rate: number): number;
  poisson(mean: number): number;
  /** A stream of its own, so that one more draw here never shifts what is drawn there. */
  fork(label: string): Random;
}

export const createRandom = (seed: number): Random => {
  const uniform = sfc32(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    uniform,
    integer: (below) => Math.floor(uniform() * below),
    normal,
    lognormal: (mean, cv) => {
      const variance = Math.log(1 + cv * cv);
      return mean * Math.exp(Math.sqrt(variance) * normal() - variance / 2);
    },
    exponential: (rate) => -Math.log(1 - uniform()) / rate,
    poisson: (mean) => poisson(mean, uniform),
    fork: (label) => createRandom(hash(seed, label)),
  };
};

/** Knuth's product of uniforms, in pieces: beyond a mean of some hundreds e^-mean would underflow to zero. */
const poisson = (mean: number, uniform: () => number): number => {
  let count = 0;
  for (let rest = mean; rest > 0; rest -= 200) {
    const limit = Math.exp(-Math.min(rest, 200));
    for (let product = uniform(); product > limit; product *= uniform()) count += 1;
  }
  return count;
};

/** Small fast counter generator (C. Doty-Humphrey), 32 bits: passes PractRand, and needs only integer operations. */
const sfc32 = (seed: number): (() => number) => {
  let a = Math.floor(seed / 2 ** 32) | 0;
  let b = seed | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // The first outputs of neighbouring seeds resemble each other.
  for (let i = 0; i < 15; i += 1) next();
  return next;
};

/** FNV-1a over the label, started from the seed. */
const hash = (seed: number, label: string): number => {
  let h = (2166136261 ^ seed) >>> 0;
  for (const character of label) h = Math.imul(h ^ (character.codePointAt(0) ?? 0), 16777619) >>> 0;
  return h;
};
