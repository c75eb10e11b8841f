/** What CloudFormation would make of a template value, with `<LogicalId>` and `<LogicalId.Attribute>` for what it alone knows. */
export const resolved = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  const [name, argument] = Object.entries(value)[0] ?? [];
  if (name === 'Ref') return `<${String(argument)}>`;
  if (name === 'Fn::GetAtt' && Array.isArray(argument)) return `<${argument.join('.')}>`;
  if (name === 'Fn::Join' && Array.isArray(argument)) {
    const [separator, pieces] = argument;
    return (pieces as unknown[]).map(resolved).join(String(separator));
  }
  if (name === 'Fn::Sub') return String(argument);
  if (name === 'Fn::ImportValue') return `<${resolved(argument)}>`;
  if (name === 'Fn::Select') return `<${resolved((argument as unknown[])[1])}.${(argument as unknown[])[0]}>`;
  if (name === 'Fn::Split') return resolved((argument as unknown[])[1]);
  throw new Error(`no rule for ${JSON.stringify(value)}`);
};

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

/** The resources of one type, by logical id. */
export const ofType = (template: object, type: string): readonly (readonly [string, Resource])[] =>
  Object.entries((template as { Resources: Record<string, Resource> }).Resources).filter(
    ([, resource]) => resource.Type === type,
  );

export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: object;
}

/** What roles may do, by the policy's or the inline policy's role: `policy` is a logical id. */
export const statementsOf = (template: object): readonly (Statement & { readonly policy: string })[] => {
  const beside = ofType(template, 'AWS::IAM::Policy').map(([id, { Properties }]) => [id, Properties] as const);
  const inline = ofType(template, 'AWS::IAM::Role').flatMap(([id, { Properties }]) =>
    ((Properties.Policies ?? []) as readonly Record<string, unknown>[]).map((policy) => [id, policy] as const),
  );
  return [...inline, ...beside].flatMap(([policy, { PolicyDocument }]) =>
    (PolicyDocument as { readonly Statement: readonly Statement[] }).Statement.map((one) => ({ ...one, policy })),
  );
};

/** The only resource of its type. */
export const only = (template: object, type: string): Resource => {
  const [first, ...others] = ofType(template, type);
  if (first === undefined || others.length > 0) throw new Error(`${others.length + (first ? 1 : 0)} of ${type}, not 1`);
  return first[1];
};
