import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * On AWS the tick function holds ticks without a change back for minutes, since each write costs. Here they are what a
 * person wants to see at once. Only the environment of the functions changes, never their code.
 */
const localEnvironment = { SLUICE_FLUSH_SECONDS: '0' };

/** Changes the synthesised templates in `assemblyDir` so that the functions which keep a decision log write all of it at once. */
export const makeFunctionsTalkative = (assemblyDir: string): void => {
  for (const file of readdirSync(assemblyDir).filter((name) => name.endsWith('.template.json'))) {
    const path = join(assemblyDir, file);
    const template = JSON.parse(readFileSync(path, 'utf8')) as Template;
    for (const { Type, Properties } of Object.values(template.Resources ?? {})) {
      const variables = Properties?.Environment?.Variables;
      if (Type === 'AWS::Lambda::Function' && variables?.SLUICE_TABLE !== undefined)
        Object.assign(variables, localEnvironment);
    }
    writeFileSync(path, JSON.stringify(template));
  }
};

interface Template {
  readonly Resources?: Readonly<
    Record<
      string,
      {
        readonly Type: string;
        readonly Properties?: { readonly Environment?: { readonly Variables?: Record<string, unknown> } };
      }
    >
  >;
}
