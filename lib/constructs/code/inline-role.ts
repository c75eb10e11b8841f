import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

export interface InlineRoleProps extends Pick<iam.RoleProps, 'assumedBy' | 'path'> {
  /** What it may do from the start; grants may add to it. A role must be able to do something in the end. */
  readonly statements?: readonly iam.PolicyStatement[];
}

/**
 * A role with all its rights inside, those granted later too. CDK would put the latter into a policy beside it: one
 * resource more for each role, and rights that may arrive after the first task or invocation that needs them.
 */
export class InlineRole extends iam.Role {
  private readonly document: iam.PolicyDocument;

  constructor(scope: Construct, id: string, { statements = [], ...props }: InlineRoleProps) {
    const document = new iam.PolicyDocument({ statements: [...statements] });
    super(scope, id, { ...props, inlinePolicies: { own: document } });
    this.document = document;
  }

  override addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    this.document.addStatements(statement);
    return { statementAdded: true, policyDependable: this };
  }
}
