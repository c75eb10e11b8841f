import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BadInput } from '../../model/bad-input.ts';
import type { Template } from './template.ts';

/** One stack of a synthesised CDK app. */
export interface Stack {
  readonly name: string;
  readonly template: Template;
  /** Absolute paths of file assets by the key (`S3Key`) under which the template knows them. */
  readonly assets: ReadonlyMap<string, string>;
}

interface Manifest {
  readonly artifacts?: Readonly<Record<string, Artifact>>;
}
interface Artifact {
  readonly type: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly directoryName?: string;
  };
  readonly dependencies?: readonly string[];
}
interface AssetsFile {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
}

/**
 * Reads the cloud assembly that `app.synth()` wrote: all stacks, also those of nested assemblies, each after the
 * stacks it depends on. Throws BadInput when the folder holds no assembly.
 */
export const readAssembly = (directory: string): readonly Stack[] => {
  const manifest = readJson<Manifest>(join(directory, 'manifest.json'));
  const artifacts = manifest.artifacts ?? {};
  const assets = readAssets(directory, artifacts);
  return inDependencyOrder(artifacts).flatMap(([id, artifact]) => {
    const { templateFile, stackName, directoryName } = artifact.properties ?? {};
    if (artifact.type === 'cdk:cloud-assembly' && directoryName) return readAssembly(join(directory, directoryName));
    if (artifact.type !== 'aws:cloudformation:stack' || !templateFile) return [];
    return [{ name: stackName ?? id, template: readJson<Template>(join(directory, templateFile)), assets }];
  });
};

const inDependencyOrder = (artifacts: Readonly<Record<string, Artifact>>): readonly [string, Artifact][] => {
  const ordered = new Map<string, Artifact>();
  const visit = (id: string, from: readonly string[]): void => {
    const artifact = artifacts[id];
    // CDK refuses cycles between stacks itself.
    if (artifact === undefined || ordered.has(id) || from.includes(id)) return;
    for (const dependency of artifact.dependencies ?? []) visit(dependency, [...from, id]);
    ordered.set(id, artifact);
  };
  for (const id of Object.keys(artifacts)) visit(id, []);
  return [...ordered];
};

/** Keys are hashes of the content, so one map serves all stacks of a folder. */
const readAssets = (directory: string, artifacts: Readonly<Record<string, Artifact>>): ReadonlyMap<string, string> => {
  const assets = new Map<string, string>();
  for (const [id, artifact] of Object.entries(artifacts)) {
    if (artifact.type !== 'cdk:asset-manifest') continue;
    for (const file of Object.values(readJson<AssetsFile>(join(directory, `${id}.json`)).files ?? {})) {
      if (file.source.path === undefined) continue;
      for (const { objectKey } of Object.values(file.destinations)) {
        assets.set(objectKey, resolve(directory, file.source.path));
      }
    }
  }
  return assets;
};

const readJson = <T>(file: string): T => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    throw new BadInput([
      {
        path: file,
        found: error instanceof Error ? error.message : String(error),
        expected: 'a file of a synthesised CDK app',
        mend: 'Synthesise the app into this folder first.',
      },
    ]);
  }
};
