import { basename } from 'node:path';
import { type BundleProps, measure } from './bundle.ts';

/** Bytes of a bundle, in all and by the package they come from, largest first. `own` is this project. */
export interface BundleSize {
  readonly totalBytes: number;
  readonly byPackage: readonly (readonly [name: string, bytes: number])[];
}

export const bundleSize = (props: BundleProps): BundleSize => {
  const outputs = Object.entries(measure(props).outputs);
  const [, code] = outputs.find(([file]) => basename(file) === 'index.mjs') ?? [];
  if (code === undefined) throw new Error(`esbuild wrote no index.mjs for ${props.entry}`);
  const sums = new Map<string, number>();
  for (const [file, { bytesInOutput }] of Object.entries(code.inputs)) {
    const name = packageOf(file);
    sums.set(name, (sums.get(name) ?? 0) + bytesInOutput);
  }
  return { totalBytes: code.bytes, byPackage: [...sums].toSorted((a, b) => b[1] - a[1]) };
};

// The last `node_modules` counts: a nested copy belongs to the package that it is a copy of.
const packageOf = (file: string): string =>
  /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file.replaceAll('\\', '/'))?.[1] ?? 'own';
