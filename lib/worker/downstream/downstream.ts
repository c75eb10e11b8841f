import { admit, type Circuit, closedCircuit, failed, succeeded } from '../../model/circuit-breaker.ts';
import type { Seconds } from '../../model/units.ts';
import type { Clock } from '../clock.ts';
import { createGate, type Gate } from '../handlers/gate.ts';
import { RetryLater } from '../handlers/retry-later.ts';
import { createPacer } from './pacer.ts';

/** Requirements 5: so many calls at a time, by how much they matter. */
export const defaultPools = { critical: 10, regular: 50, monitoring: 5 } as const;

/** How this task may call something that it depends on. */
export interface DownstreamOptions {
  /** Calls at a time in each pool; a full pool makes its own calls wait and no others. */
  readonly pools?: Readonly<Record<string, number>>;
  /** Calls a second that this task may begin, all pools together. Default: no limit. */
  readonly ratePerSecond?: number;
  /** Calls that may begin at once after a pause. Default: those of one second, at least 1. */
  readonly burst?: number;
  /** Which errors say that the downstream is ill. Default: all; a 404, say, is none. */
  readonly isFailure?: (error: unknown) => boolean;
}

export interface CallOptions {
  /** Default: `regular`. */
  readonly pool?: string;
  /** Default: the job's. */
  readonly signal?: AbortSignal;
}

export interface Downstream {
  /**
   * Calls in turn: circuit, then a place in the pool, then the rate.
   * @throws CircuitOpen without a call. Not caught, it brings the job back later without counting as its failure.
   */
  run<T>(call: (signal: AbortSignal) => Promise<T>, options?: CallOptions): Promise<T>;
  /** To choose a lesser way beforehand: a cached answer, a smaller picture, no recommendation. */
  readonly state: 'closed' | 'open' | 'halfOpen';
}

/** The downstream has failed too often; it is asked again after `seconds`. */
export class CircuitOpen extends RetryLater {
  constructor(name: string, seconds: Seconds) {
    super(
      `the circuit towards ${name} is open: it failed too often, and is asked again in ${Math.ceil(seconds)} s`,
      seconds,
    );
    this.name = 'CircuitOpen';
  }
}

/** One for all jobs of the task; `runFor` binds it to the signal of one. */
export interface SharedDownstream {
  runFor(signal: AbortSignal): Downstream;
}

export const createDownstream = (name: string, options: DownstreamOptions, clock: Clock): SharedDownstream => {
  const { isFailure = () => true } = options;
  const limits: Readonly<Record<string, number>> = options.pools ?? defaultPools;
  const pools = new Map(Object.entries(limits).map(([pool, places]) => [pool, createGate(places)]));
  const pacer = createPacer(clock, options.ratePerSecond, options.burst);
  let circuit: Circuit = closedCircuit;

  const poolOf = (pool: string): Gate => {
    const found = pools.get(pool);
    if (found === undefined)
      throw new RangeError(`downstream ${name} has no pool ${pool}; it has ${[...pools.keys()].join(', ')}`);
    return found;
  };
  const stateNow = (): Downstream['state'] => {
    if (circuit.openUntil === 0) return 'closed';
    return clock.now() < circuit.openUntil ? 'open' : 'halfOpen';
  };
  const call = async <T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> => {
    const before = circuit;
    const admitted = admit(circuit, clock.now());
    if (admitted === undefined) throw new CircuitOpen(name, Math.max(1, circuit.openUntil - clock.now()));
    circuit = admitted;
    try {
      const result = await work(signal);
      circuit = succeeded(circuit);
      return result;
    } catch (error) {
      // A call that we broke off ourselves says nothing; a probe is given back, so that another may try.
      if (signal.aborted)
        circuit = admitted === before ? circuit : { ...circuit, probes: Math.max(0, circuit.probes - 1) };
      else circuit = isFailure(error) ? failed(circuit, clock.now()) : succeeded(circuit);
      throw error;
    }
  };

  return {
    runFor: (jobSignal) => ({
      get state() {
        return stateNow();
      },
      run: async (work, { pool = 'regular', signal = jobSignal } = {}) => {
        const gate = poolOf(pool);
        // Asked twice: those who wait must not all run into a downstream that failed meanwhile.
        if (stateNow() === 'open') throw new CircuitOpen(name, circuit.openUntil - clock.now());
        if (!(await gate.enter(signal))) throw signal.reason;
        try {
          await pacer.turn(signal);
          signal.throwIfAborted();
          return await call(work, signal);
        } finally {
          gate.leave();
        }
      },
    }),
  };
};
