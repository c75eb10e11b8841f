import { hostname, userInfo } from 'node:os';
import type { OverrideScope } from '../../act/override-store.ts';
import { BadInput } from '../../model/bad-input.ts';
import type { Override } from '../../model/plan.ts';
import type { Mute } from '../../observe/mutes.ts';
import { counted } from '../../report/run/format.ts';
import { isoUtc } from '../../report/why/times.ts';

/** Which services a command is about: one, or with `--all` every one of the stage. Throws BadInput for neither and both. */
export const scopeOf = (service: string | undefined, all: true | undefined, command: string): OverrideScope => {
  if (service !== undefined && all === undefined) return { service };
  if (service === undefined && all !== undefined) return 'all';
  throw new BadInput([
    {
      path: 'SERVICE',
      found: service === undefined ? 'neither a service nor --all' : `both ${service} and --all`,
      expected: 'one service, or --all',
      mend: `"sluice ${command} convert" is about one, "sluice ${command} --all" about all.`,
    },
  ]);
};

/** Goes into the decision log: who to ask at three in the morning. */
export const personHere = (): string => {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return `somebody@${hostname()}`;
  }
};

/** `held at 4 tasks until 2026-11-21T12:00:00Z by ann@desk ("why")` */
export const overrideWords = (override: Override): string => {
  const by = override.by === undefined ? '' : ` by ${override.by}`;
  const why = override.reason === undefined ? '' : ` ("${override.reason}")`;
  switch (override.kind) {
    case 'pause':
      return `paused until ${isoUtc(override.until)}${by}${why}`;
    case 'hold':
      return `held at ${counted(override.desired, 'task')} until ${isoUtc(override.until)}${by}${why}`;
    case 'stop':
      return override.cause === 'switch'
        ? `stopped by the stop-all switch${why}`
        : `paused, for the override that was set cannot be read${why}`;
    default:
      return override satisfies never;
  }
};

/** `muted (maxReached) until 2026-11-21T12:00:00Z by ann@desk ("why")` */
export const muteWords = ({ until, code, by, reason }: Mute): string =>
  `muted${code === undefined ? '' : ` (${code})`} until ${isoUtc(until)}${by === undefined ? '' : ` by ${by}`}${reason === undefined ? '' : ` ("${reason}")`}`;

/** An override of a year is a config change that nobody will find again. */
export const longestOverrideSeconds = 30 * 86_400;
