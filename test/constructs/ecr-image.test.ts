import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { EcrImage } from '../../lib/constructs/worker/ecr-image.ts';
import { planOf, stackOf } from './fixtures.ts';
import { ofType, resolved, statementsOf } from './resolved.ts';

const digest = `sha256:${'0'.repeat(64)}`;

describe('an image in a private ECR repository', () => {
  test.each([
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/convert:1', true],
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/convert', true],
    [`123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/convert@${digest}`, true],
    ['public.ecr.aws/x/y:1', false],
    ['convert:1', false],
  ])('%s → %s', (image, isEcr) => {
    expect(EcrImage.of(image) !== undefined).toBe(isEcr);
  });

  test('keeps its name, and the execution role may pull it and nothing else', () => {
    const image = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/convert:1';
    const template = Template.fromStack(stackOf([{ plan: planOf('convert'), source: { image } }])).toJSON();
    const definitions = ofType(template, 'AWS::ECS::TaskDefinition').map(
      ([, { Properties }]) => Properties.ContainerDefinitions,
    );
    expect(definitions).toEqual([[expect.objectContaining({ Image: image })]]);
    const statements = statementsOf(template);
    const pulls = statements.filter(({ Action }) => [Action].flat().some((action) => action.startsWith('ecr:')));
    expect(pulls.map(({ Action, Resource }) => [[Action].flat().toSorted(), resolved(Resource)])).toEqual([
      [
        ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        expect.stringMatching(/:ecr:eu-west-1:123456789012:repository\/team\/convert$/),
      ],
      [['ecr:GetAuthorizationToken'], '*'],
    ]);
  });
});
