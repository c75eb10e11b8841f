import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Process trees can be looked at where there is a /proc. */
export const canSeeProcesses = process.platform === 'linux';

export interface SeenProcess {
  readonly pid: number;
  readonly parent: number;
  /** Tells a process from a later one with the same pid. */
  readonly startedAt: string;
  readonly command: string;
}

/** Everything that one process started, however deep, also what has been left behind by its parent since. */
export interface ProcessTree {
  /** Looks for new ones. Returns all that live now. */
  look(): readonly SeenProcess[];
  /** Keeps looking until nothing of the tree lives, or the time is over: then returns what is left. */
  left(withinSeconds: number): Promise<readonly SeenProcess[]>;
  /** Keeps looking until the tree has a process like this one. */
  until(test: (process: SeenProcess) => boolean, withinSeconds: number): Promise<SeenProcess>;
}

export const processTree = (root: number): ProcessTree => {
  const members = new Map<number, string>();
  const look = (): readonly SeenProcess[] => {
    const all = processes();
    const isMember = (one: SeenProcess | undefined): boolean =>
      one !== undefined && members.get(one.pid) === one.startedAt;
    const known = members.size === 0 ? all.filter((one) => one.pid === root) : [];
    for (const one of known) members.set(one.pid, one.startedAt);
    for (let found = true; found; ) {
      const children = all.filter((one) => !isMember(one) && members.has(one.parent));
      for (const child of children) members.set(child.pid, child.startedAt);
      found = children.length > 0;
    }
    return all.filter(isMember);
  };
  const poll = async <T>(what: () => T | undefined, withinSeconds: number): Promise<T | undefined> => {
    for (let waitedMs = 0; ; waitedMs += 50) {
      const found = what();
      if (found !== undefined || waitedMs >= withinSeconds * 1000) return found;
      await sleep(50);
    }
  };
  return {
    look,
    left: async (withinSeconds) => {
      await poll(() => (look().length === 0 ? true : undefined), withinSeconds);
      return look();
    },
    until: async (test, withinSeconds) => {
      const found = await poll(() => look().find(test), withinSeconds);
      if (found === undefined)
        throw new Error(
          `not seen within ${withinSeconds} s among:\n${look()
            .map((one) => one.command)
            .join('\n')}`,
        );
      return found;
    },
  };
};

const processes = (): readonly SeenProcess[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ');
        // A zombie has ended; only its parent has not looked yet.
        if (fields[0] === 'Z' || fields[0] === 'X') return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), parent: Number(fields[1]), startedAt: fields[19] ?? '', command }];
      } catch {
        return [];
      }
    });
