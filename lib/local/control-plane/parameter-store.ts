import { BadInput } from '../../model/bad-input.ts';
import { CloudError, refuseUnmodelled } from '../../simulate/cloud/cloud-error.ts';

type Fields = Readonly<Record<string, unknown>>;

/** SSM Parameter Store, standard tier, plain strings. */
export interface ParameterStore {
  /** Throws BadInput above 4,096 bytes. */
  put(name: string, value: string): void;
  call(operation: string, input: Fields): Fields;
}

const mostBytes = 4096;

export const createParameterStore = (account: {
  readonly region: string;
  readonly account: string;
}): ParameterStore => {
  const parameters = new Map<string, { readonly value: string; readonly version: number; readonly at: number }>();

  const put = (name: string, value: string): void => {
    const bytes = Buffer.byteLength(value);
    if (bytes > mostBytes) {
      throw new BadInput([
        {
          path: name,
          found: `${bytes} bytes`,
          expected: `at most ${mostBytes} bytes in a standard parameter`,
          mend: 'Split the value over several parameters.',
        },
      ]);
    }
    parameters.set(name, { value, version: (parameters.get(name)?.version ?? 0) + 1, at: Date.now() / 1000 });
  };

  const describe = (name: string): Fields | undefined => {
    const parameter = parameters.get(name);
    return (
      parameter && {
        Name: name,
        Type: 'String',
        Value: parameter.value,
        Version: parameter.version,
        LastModifiedDate: parameter.at,
        ARN: `arn:aws:ssm:${account.region}:${account.account}:parameter${name.startsWith('/') ? '' : '/'}${name}`,
        DataType: 'text',
      }
    );
  };

  const getParameter = (input: Fields): Fields => {
    const parameter = describe(String(input.Name));
    if (!parameter) throw new CloudError('ParameterNotFound', `Parameter ${input.Name} not found.`);
    return { Parameter: parameter };
  };

  const getParametersByPath = (input: Fields): Fields => {
    const path = String(input.Path).replace(/\/?$/, '/');
    const size = Number(input.MaxResults ?? 10);
    if (!(size >= 1 && size <= 10)) throw new CloudError('ValidationException', 'MaxResults must be from 1 to 10');
    const start = Number(input.NextToken ?? 0);
    if (!Number.isInteger(start)) throw new CloudError('InvalidNextToken', 'The specified token is not valid.');
    const deep = input.Recursive === true;
    const names = [...parameters.keys()]
      .filter((name) => name.startsWith(path) && (deep || !name.slice(path.length).includes('/')))
      .sort();
    const end = start + size;
    const page = names.slice(start, end).map(describe);
    return { Parameters: page, ...(end < names.length ? { NextToken: String(end) } : {}) };
  };

  const operations: Readonly<
    Record<string, { readonly parameters: readonly string[]; readonly run: (input: Fields) => Fields }>
  > = {
    GetParameter: { parameters: ['Name', 'WithDecryption'], run: getParameter },
    GetParametersByPath: {
      parameters: ['Path', 'Recursive', 'MaxResults', 'NextToken', 'WithDecryption'],
      run: getParametersByPath,
    },
  };

  return {
    put,
    call: (operation, input) => {
      const known = operations[operation];
      if (!known) throw new CloudError('UnknownOperationException', `SSM: ${operation} is not modelled here`);
      refuseUnmodelled(operation, input, known.parameters, 'ValidationException');
      return known.run(input);
    },
  };
};
