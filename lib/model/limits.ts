import type { Settings } from './plan.ts';

/** The limit that stands for the account's Fargate quota (L-3032A538): each task takes its vCPU of it. */
export const vcpuLimit = 'vcpu';

/** What one task takes of each limit that the service takes part in. */
export const usesOf = (settings: Pick<Settings, 'uses' | 'limits' | 'size'>): Readonly<Record<string, number>> => {
  const uses: Record<string, number> = {};
  for (const name in settings.limits) {
    const perTask = settings.uses[name] ?? (name === vcpuLimit ? settings.size.cpu / 1024 : 0);
    if (perTask > 0) uses[name] = perTask;
  }
  return uses;
};

/** What the others leave of a limit that is shared. */
export interface LimitGrant {
  /** The count that a service may have now. */
  readonly granted: number;
  /** The limit that keeps it there. */
  readonly limit: string;
  /** Who holds that limit, the largest first. */
  readonly heldBy: readonly { readonly service: string; readonly tasks: number }[];
}
