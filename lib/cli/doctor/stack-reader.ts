import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  GetTemplateCommand,
  paginateListStackResources,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { parse } from 'yaml';
import type { OwnerSeen } from '../../doctor/facts.ts';

/** What CloudFormation knows: which stack a service belongs to, and what a stage's stack holds. */
export class StackReader {
  readonly #cloudformation: CloudFormationClient;
  readonly #iam: IAMClient;
  readonly #resources = new Map<string, Promise<readonly StackResourceSummary[]>>();

  constructor(settings: { readonly region: string; readonly maxAttempts: number }) {
    this.#cloudformation = new CloudFormationClient(settings);
    this.#iam = new IAMClient(settings);
  }

  /** Undefined: no stack made it. */
  async owner(serviceArn: string): Promise<OwnerSeen | undefined> {
    const resource = await this.#resourceOf(serviceArn);
    if (resource?.StackName === undefined || resource.LogicalResourceId === undefined) return undefined;
    const { TemplateBody = '{}' } = await this.#cloudformation.send(
      new GetTemplateCommand({ StackName: resource.StackName }),
    );
    const properties = propertiesIn(TemplateBody, resource.LogicalResourceId);
    return { stack: resource.StackName, logicalId: resource.LogicalResourceId, desiredCount: properties?.DesiredCount };
  }

  async tickRole(stage: string): Promise<string | undefined> {
    const role = (await this.#resourcesOf(stage)).find(
      ({ ResourceType, LogicalResourceId = '' }) =>
        ResourceType === 'AWS::IAM::Role' && /Tick/.test(LogicalResourceId) && !/Schedul/.test(LogicalResourceId),
    );
    if (role?.PhysicalResourceId === undefined) return undefined;
    const { Role } = await this.#iam.send(new GetRoleCommand({ RoleName: role.PhysicalResourceId }));
    return Role?.Arn;
  }

  /** Names of the log groups that a stage's stack made. */
  async logGroups(stage: string): Promise<readonly string[]> {
    return (await this.#resourcesOf(stage)).flatMap(({ ResourceType, PhysicalResourceId }) =>
      ResourceType === 'AWS::Logs::LogGroup' && PhysicalResourceId !== undefined ? [PhysicalResourceId] : [],
    );
  }

  async #resourceOf(physicalId: string) {
    try {
      const query = new DescribeStackResourcesCommand({ PhysicalResourceId: physicalId });
      const { StackResources = [] } = await this.#cloudformation.send(query);
      return StackResources.find(({ PhysicalResourceId }) => PhysicalResourceId === physicalId);
    } catch (error) {
      // AWS answers a resource of no stack with a validation error.
      if (error instanceof Error && error.name === 'ValidationError') return undefined;
      throw error;
    }
  }

  #resourcesOf(stack: string): Promise<readonly StackResourceSummary[]> {
    const known = this.#resources.get(stack) ?? this.#list(stack);
    this.#resources.set(stack, known);
    return known;
  }

  async #list(stack: string): Promise<readonly StackResourceSummary[]> {
    const all: StackResourceSummary[] = [];
    for await (const page of paginateListStackResources({ client: this.#cloudformation }, { StackName: stack }))
      all.push(...(page.StackResourceSummaries ?? []));
    return all;
  }
}

/** A template is JSON or YAML; its short forms (`!Ref`) are of no interest here. */
const propertiesIn = (template: string, logicalId: string): Readonly<Record<string, unknown>> | undefined => {
  const document = parse(template, { logLevel: 'silent' }) as {
    readonly Resources?: Readonly<Record<string, { readonly Properties?: Readonly<Record<string, unknown>> }>>;
  } | null;
  return document?.Resources?.[logicalId]?.Properties;
};
