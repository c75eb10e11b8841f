import type { Clock } from '../clock.ts';
import { createDownstream, type Downstream, type DownstreamOptions, type SharedDownstream } from './downstream.ts';

/** `context.downstream('api')`: by name, made with its options or with the defaults. */
export type DownstreamsOf = (signal: AbortSignal) => (name: string) => Downstream;

export const createDownstreams = (
  options: Readonly<Record<string, DownstreamOptions>>,
  clock: Clock,
): DownstreamsOf => {
  const shared = new Map<string, SharedDownstream>();
  const named = (name: string): SharedDownstream => {
    const found =
      shared.get(name) ?? createDownstream(name, Object.hasOwn(options, name) ? (options[name] ?? {}) : {}, clock);
    shared.set(name, found);
    return found;
  };
  return (signal) => (name) => named(name).runFor(signal);
};
