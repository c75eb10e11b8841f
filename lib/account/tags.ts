/** How tags say whose a thing is, and what the report looks at. */
export interface TagRules {
  /** Keys that name an owner, the first that is there wins; upper and lower case alike. */
  readonly ownerKeys: readonly string[];
  /** Only what carries this tag. Absent: everything. */
  readonly scope?: { readonly key: string; readonly value?: string };
}

export const defaultTagRules: TagRules = { ownerKeys: ['owner', 'team'] };

/** As AWS writes them in every service but ECS. */
export interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

export const ownerOf = (tags: readonly Tag[], { ownerKeys }: TagRules): { readonly owner?: string } => {
  for (const key of ownerKeys) {
    const owner = tags.find(({ Key }) => Key?.toLowerCase() === key.toLowerCase())?.Value;
    if (owner) return { owner };
  }
  return {};
};

export const isInScope = (tags: readonly Tag[], { scope }: TagRules): boolean =>
  scope === undefined ||
  tags.some(({ Key, Value }) => Key === scope.key && (scope.value === undefined || Value === scope.value));
