import { BadInput } from '../model/bad-input.ts';
import type { StackResource } from './template/create-stack.ts';

/** What the template created, by type and by any name that people use for it. */
export interface LocalResources {
  /**
   * `id` is the logical id (with or without CDK's hash at its end), the name, or what `Ref` gives.
   * These throw BadInput when nothing, or more than one thing, is called so.
   */
  queueUrl(id: string): string;
  bucketName(id: string): string;
  tableName(id: string): string;
  topicArn(id: string): string;
  functionName(id: string): string;
  /** `http://127.0.0.1:PORT`, where it takes requests. */
  loadBalancerUrl(id: string): string;
  readonly all: readonly StackResource[];
  /** Outputs by stack and logical id. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const localResources = (all: readonly StackResource[], outputs: LocalResources['outputs']): LocalResources => {
  const refOf = (type: string) => (id: string) => findResource(all, type, id).ref;
  return {
    queueUrl: refOf('AWS::SQS::Queue'),
    bucketName: refOf('AWS::S3::Bucket'),
    tableName: refOf('AWS::DynamoDB::Table'),
    topicArn: refOf('AWS::SNS::Topic'),
    functionName: refOf('AWS::Lambda::Function'),
    loadBalancerUrl: (id) => `http://${findResource(all, loadBalancer, id).attributes?.DNSName}`,
    all,
    outputs,
  };
};

const loadBalancer = 'AWS::ElasticLoadBalancingV2::LoadBalancer';

const findResource = (all: readonly StackResource[], type: string, id: string): StackResource => {
  const ofType = all.filter((resource) => resource.type === type);
  const found = ofType.filter((resource) => namesOf(resource).includes(id));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw new BadInput([
    {
      path: type,
      found: found.length === 0 ? `nothing called ${id}` : `${found.length} called ${id}`,
      expected: `one of ${ofType.map((resource) => resource.name ?? resource.ref).join(', ') || '(the template has none)'}`,
      mend: 'Use its full name.',
    },
  ]);
};

const namesOf = ({ logicalId, name, ref }: StackResource): readonly (string | undefined)[] => [
  logicalId,
  logicalId.replace(/[0-9A-F]{8}$/, ''),
  name,
  ref,
];
