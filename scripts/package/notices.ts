import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { root } from '../run-tool.ts';

/** Name, version and licence text of every package whose code is in the bundles. Equal texts come once. */
export const noticesFor = (bundles: readonly Metafile[]): string => {
  const folders = new Set(
    bundles.flatMap(({ inputs }) =>
      Object.keys(inputs).flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []),
    ),
  );
  const byText = Map.groupBy([...folders].toSorted().map(noticeOf), ({ text }) => text);
  const parts = [...byText].map(
    ([text, packages]) => `${packages.map(({ title }) => title).join('\n')}\n\n${text.trim()}\n`,
  );
  return `Code of these packages is in the bundles of this one.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
};

const noticeOf = (folder: string): { readonly title: string; readonly text: string } => {
  const path = join(root, folder);
  const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const file = readdirSync(path).find((one) => /^licen[cs]e/i.test(one));
  return {
    title: `${name} ${version} (${license})`,
    text: file === undefined ? `Licence: ${license}` : readFileSync(join(path, file), 'utf8'),
  };
};
