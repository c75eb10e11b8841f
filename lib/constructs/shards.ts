/** How many services one tick looks at: three DescribeServices calls, and a hot item far below one write unit a kilobyte. */
export const servicesPerShard = 30;

/** Services by shard, `0` first, sorted by name so that the same set always falls into the same shards. */
export const shardsOf = <T extends { readonly plan: { readonly service: string } }>(
  services: readonly T[],
): ReadonlyMap<string, readonly T[]> => {
  const sorted = services.toSorted((a, b) => (a.plan.service < b.plan.service ? -1 : 1));
  const shards = new Map<string, readonly T[]>();
  for (let first = 0; first < sorted.length; first += servicesPerShard) {
    shards.set(String(first / servicesPerShard), sorted.slice(first, first + servicesPerShard));
  }
  return shards;
};
