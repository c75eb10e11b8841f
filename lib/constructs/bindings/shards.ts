/** How many services one tick looks at: three DescribeServices calls, and a hot item far below one write unit a kilobyte. */
export const servicesPerShard = 30;

interface Sharded {
  readonly plan: { readonly service: string; readonly limits?: Readonly<Record<string, number>> };
}

/**
 * Services by shard, `0` first. Services that share a limit are always in one shard, however many they are, as their
 * shares are decided together; the others fill the shards up, by name. The same set always falls into the same shards.
 */
export const shardsOf = <T extends Sharded>(services: readonly T[]): ReadonlyMap<string, readonly T[]> => {
  const shards: T[][] = [];
  for (const group of groupsOf(services)) {
    const open = shards.at(-1);
    if (open !== undefined && open.length + group.length <= servicesPerShard) open.push(...group);
    else shards.push([...group]);
  }
  return new Map(shards.map((shard, index) => [String(index), shard]));
};

/** Services that are linked by limits, directly or over others; each of the rest by itself. */
const groupsOf = <T extends Sharded>(services: readonly T[]): readonly (readonly T[])[] => {
  const groups: { members: T[]; limits: Set<string> }[] = [];
  for (const service of services.toSorted((a, b) => (a.plan.service < b.plan.service ? -1 : 1))) {
    const limits = Object.keys(service.plan.limits ?? {});
    const linked = groups.filter((group) => limits.some((limit) => group.limits.has(limit)));
    const [first, ...others] = linked;
    if (first === undefined) {
      groups.push({ members: [service], limits: new Set(limits) });
      continue;
    }
    first.members.push(service);
    for (const limit of limits) first.limits.add(limit);
    for (const other of others) {
      first.members.push(...other.members);
      for (const limit of other.limits) first.limits.add(limit);
      groups.splice(groups.indexOf(other), 1);
    }
  }
  return groups.map(({ members }) => members.toSorted((a, b) => (a.plan.service < b.plan.service ? -1 : 1)));
};
