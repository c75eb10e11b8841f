import { Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';

/**
 * An image of a private ECR repository, by its plain name. `ContainerImage.fromRegistry` takes the name too, but gives
 * the execution role no right to pull it: every task would fail to start.
 */
export class EcrImage extends ecs.ContainerImage {
  /** The image, when its name is one of a private ECR repository. */
  static of(imageName: string): EcrImage | undefined {
    const [, account, region, repository] = ecrName.exec(imageName) ?? [];
    return account === undefined || region === undefined || repository === undefined
      ? undefined
      : new EcrImage(imageName, { account, region, repository });
  }

  private readonly imageName: string;
  private readonly place: EcrPlace;

  private constructor(imageName: string, place: EcrPlace) {
    super();
    this.imageName = imageName;
    this.place = place;
  }

  bind(scope: Construct, container: ecs.ContainerDefinition): ecs.ContainerImageConfig {
    const { account, region, repository } = this.place;
    const repositoryArn = Stack.of(scope).formatArn({
      service: 'ecr',
      resource: 'repository',
      resourceName: repository,
      account,
      region,
    });
    ecr.Repository.fromRepositoryAttributes(scope, 'Repository', {
      repositoryArn,
      repositoryName: repository,
    }).grantPull(container.taskDefinition.obtainExecutionRole());
    return { imageName: this.imageName };
  }
}

interface EcrPlace {
  readonly account: string;
  readonly region: string;
  readonly repository: string;
}

const ecrName = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)(?:[:@].+)?$/;
