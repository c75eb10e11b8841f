import { join } from 'node:path';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { ServicePlan } from '../../model/plan.ts';
import { bundle } from '../code/bundle.ts';
import { writeIfChanged } from '../code/write-if-changed.ts';
import { EcrImage } from './ecr-image.ts';
import type { WorkerSource } from './worker-source.ts';

/**
 * The image of a worker. An entry is bundled into one file on a slim Node image; Docker is needed to deploy, not to
 * synthesise. A worker with native modules needs an image of its own.
 */
export const workerImage = (
  source: WorkerSource,
  architecture: ServicePlan['worker']['architecture'],
  projectRoot: string,
): ecs.ContainerImage => {
  if (source.image !== undefined) return EcrImage.of(source.image) ?? ecs.ContainerImage.fromRegistry(source.image);
  if (source.entry === undefined) throw new Error('A worker needs an image or an entry.');
  return ecs.ContainerImage.fromAsset(workerFolder(source.entry, projectRoot), { platform: platforms[architecture] });
};

const platforms = { arm64: Platform.LINUX_ARM64, x86: Platform.LINUX_AMD64 };

const dockerfile = `FROM public.ecr.aws/docker/library/node:24-slim
WORKDIR /worker
COPY index.mjs index.mjs.map ./
USER node
# The exec form: Node itself gets the SIGTERM that begins a drain.
CMD ["node", "--enable-source-maps", "index.mjs"]
`;

const workerFolder = (entry: string, projectRoot: string): string => {
  const folder = join(projectRoot, '.build', 'images', entry.replace(/\.[cm]?[jt]s$/, '').replaceAll(/[^\w-]+/g, '-'));
  if (!bundled.has(folder)) {
    bundle({ entry: join(projectRoot, entry), folder });
    writeIfChanged(join(folder, 'Dockerfile'), dockerfile);
    bundled.add(folder);
  }
  return folder;
};

// Services may share an entry.
const bundled = new Set<string>();
