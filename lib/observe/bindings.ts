import { GetParametersByPathCommand, type Parameter, type SSMClient } from '@aws-sdk/client-ssm';
import { BadInput } from '../model/bad-input.ts';
import type { ServiceBinding } from '../model/binding.ts';

/**
 * Every service bound under `path` (`/sluice/<stage>/`). Rejects with the SDK's error when the parameters cannot be read.
 * A binding that does not parse is no reason to leave the others alone: it comes back as an issue.
 */
export async function readBindings(
  ssm: SSMClient,
  path: string,
): Promise<{ readonly bindings: readonly ServiceBinding[]; readonly issues: readonly BadInput[] }> {
  const parameters: Parameter[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ssm.send(
      new GetParametersByPathCommand({
        Path: `${path}services/`,
        Recursive: true,
        ...(NextToken === undefined ? {} : { NextToken }),
      }),
    );
    parameters.push(...(page.Parameters ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return parseBindings(path, parameters);
}

export function parseBindings(
  path: string,
  parameters: readonly Parameter[],
): { readonly bindings: readonly ServiceBinding[]; readonly issues: readonly BadInput[] } {
  const bindings: ServiceBinding[] = [];
  const issues: BadInput[] = [];
  const byService = Map.groupBy(
    parameters,
    ({ Name = '' }) => Name.slice(`${path}services/`.length).split('/')[0] ?? '',
  );
  for (const [service, parts] of byService) {
    try {
      bindings.push(JSON.parse(joinParts(parts)) as ServiceBinding);
    } catch (error) {
      issues.push(badBinding(`${path}services/${service}`, String(error)));
    }
  }
  return { bindings, issues };
}

/** Parts are numbers: 10 comes after 9. */
function joinParts(parts: readonly Parameter[]): string {
  const numbered = parts.map(({ Name = '', Value = '' }) => ({ part: Number(Name.split('/').at(-1)), Value }));
  numbered.sort((a, b) => a.part - b.part);
  numbered.forEach(({ part }, i) => {
    if (part !== i) throw new Error(`part ${i} is missing`);
  });
  return numbered.map(({ Value }) => Value).join('');
}

const badBinding = (path: string, found: string): BadInput =>
  new BadInput([
    {
      path,
      found,
      expected: 'a ServiceBinding as JSON, in parts 0, 1, …',
      mend: 'Deploy the stack again: it writes the binding.',
    },
  ]);
