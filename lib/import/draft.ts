import type { Config } from '../config/define-config.ts';
import type { ImportNote } from './note.ts';
import type { Source } from './source/source.ts';

export type ServiceInput = Config['services'][string];
/** A service while it is being put together. */
export type ServiceFields = { -readonly [K in keyof ServiceInput]: ServiceInput[K] };

/** One service of the config to be, with what was noted on the way. Paths in notes begin below the service. */
export class Draft {
  /** As the input calls it. */
  readonly name: string;
  /** What it came from, for people: `KEDA ScaledObject`. */
  readonly origin: string;
  readonly source: Source;
  readonly service: ServiceFields = {};
  readonly notes: ImportNote[] = [];
  /** How often the peer looks; the shortest of all services becomes the config's. */
  tickSeconds: number | undefined;

  constructor(name: string, origin: string, source: Source) {
    this.name = name;
    this.origin = origin;
    this.source = source;
  }

  /** The value, or what the peer uses in silence, which is then written out with a note. */
  usual<T extends number | string | boolean>(given: T | undefined, usual: T, key: string, at: string, peer: string): T {
    if (given !== undefined) return given;
    this.notes.push({
      kind: 'default',
      path: `${this.source.place}${this.source.path === '' ? ' ' : '.'}${key}`,
      found: 'nothing',
      became: String(usual),
      why: `${peer} takes ${usual} when nothing is said.`,
      at,
    });
    return usual;
  }

  near(source: Source, became: string, why: string, at?: string): void {
    this.notes.push({
      kind: 'approximated',
      path: source.place,
      found: source.shown,
      became,
      why,
      ...(at !== undefined && { at }),
    });
    // Of an object only what was read is meant; the rest of it is told by itself.
    if (!source.isObject && !source.isList) source.skip();
  }

  /** Something that the peer does and no key of the input says. */
  habit(found: string, became: string, why: string, at: string): void {
    this.notes.push({ kind: 'approximated', path: this.source.place, found, became, why, at });
  }

  drop(source: Source, why: string): void {
    this.notes.push(dropped(source, why));
    source.skip();
  }

  lacks(key: string, why: string): void {
    this.notes.push({ kind: 'dropped', path: `${this.source.place} ${key}`, found: 'nothing', became: null, why });
  }

  /** Notes whatever nobody looked at. */
  dropUnread(): void {
    for (const node of this.source.unread()) this.drop(node, 'Sluice has no counterpart for it.');
  }
}

export const dropped = (source: Source, why: string): ImportNote => ({
  kind: 'dropped',
  path: source.place,
  found: source.shown,
  became: null,
  why,
});
