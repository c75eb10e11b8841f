/** An error as a service throws it. */
export const awsError = (name: string, message = name): Error => Object.assign(new Error(message), { name });

export const denied = (action: string): Error =>
  awsError(
    'AccessDeniedException',
    `User: arn:aws:iam::1:role/x is not authorized to perform: ${action} on resource: *`,
  );

/** What an operation answers to an input; `never` hangs until the caller gives up. */
type Operation = (input: never) => object | Error | 'never';

interface Client {
  readonly middlewareStack: {
    add(
      middleware: (
        next: unknown,
        context: { commandName?: string },
      ) => (args: { input: unknown }) => Promise<{ output: object; response: unknown }>,
      options: { step: 'initialize'; priority: 'high' },
    ): void;
  };
}

/**
 * A real client of the SDK, with its real paginators, whose service is `operations`. What it does not model, it refuses.
 * `calls` counts by operation.
 */
export const answering = <C>(
  client: C,
  operations: Readonly<Record<string, Operation>>,
  calls: Record<string, number> = {},
): C => {
  (client as unknown as Client).middlewareStack.add(
    (_next, context) => async (args) => {
      const name = (context.commandName ?? '').replace(/Command$/, '');
      calls[name] = (calls[name] ?? 0) + 1;
      const answer = operations[name]?.(args.input as never) ?? awsError('NotModelled', name);
      if (answer === 'never') return new Promise(() => {});
      if (answer instanceof Error) throw answer;
      return { output: { $metadata: {}, ...answer }, response: {} };
    },
    { step: 'initialize', priority: 'high' },
  );
  return client;
};

/** Serves `items` some at a time, as every list operation of AWS does, whatever it calls its tokens. */
export const inPages =
  <Item>(
    items: readonly Item[],
    size: number,
    wrap: (page: readonly Item[]) => object,
    token = 'NextToken',
    asked = token,
  ) =>
  (input: Readonly<Record<string, unknown>>): object => {
    const start = Number(input[asked] ?? 0);
    const more = start + size < items.length;
    return { ...wrap(items.slice(start, start + size)), ...(more ? { [token]: String(start + size) } : {}) };
  };

export const settings = { region: 'eu-north-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } };
