import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../lib/config/parse-config.ts';
import { measure } from '../../lib/constructs/code/bundle.ts';
import { functionBundle } from '../../lib/constructs/code/function-code.ts';
import { specOf, stackOf, testApp } from './fixtures.ts';
import { ofType, only, resolved, statementsOf } from './resolved.ts';

const planOf = (api: object) => {
  const parsed = parseConfig({
    api,
    services: { convert: { worker: { image: 'x' } }, other: { worker: { image: 'x' } } },
  });
  if (!parsed.ok || parsed.api === undefined) throw new Error(JSON.stringify(parsed));
  return parsed.api;
};
const templateOf = (api: object) =>
  Template.fromStack(stackOf([specOf('convert'), specOf('other')], { api: planOf(api) }));

const iam = templateOf({ types: { convert: {} } });

describe('JobApi', () => {
  test('only health and the description are open; all else wants a signature, or what the function asks for', () => {
    const routes = ofType(iam.toJSON(), 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => [
      Properties.RouteKey,
      Properties.AuthorizationType,
    ]);
    expect(routes.toSorted()).toEqual([
      ['ANY /{proxy+}', 'AWS_IAM'],
      ['GET /health', 'NONE'],
      ['GET /openapi.json', 'NONE'],
    ]);
    const byKey = ofType(templateOf({ auth: 'key' }).toJSON(), 'AWS::ApiGatewayV2::Route');
    expect(byKey.map(([, { Properties }]) => Properties.AuthorizationType)).toEqual(['NONE', 'NONE', 'NONE']);
  });

  test('the stage has a net and an access log that ends', () => {
    const { Properties } = only(iam.toJSON(), 'AWS::ApiGatewayV2::Stage');
    expect(Properties).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 2000 },
      AccessLogSettings: { Format: expect.stringContaining('$context.requestId') },
    });
    const kept = ofType(iam.toJSON(), 'AWS::Logs::LogGroup').filter(([id]) => id.startsWith('Api'));
    expect(kept.map(([, log]) => log.Properties.RetentionInDays)).toEqual([30, 30]);
  });

  test('pages may not call it unless they are named; then their OPTIONS needs no signature', () => {
    expect(only(iam.toJSON(), 'AWS::ApiGatewayV2::Api').Properties.CorsConfiguration).toBeUndefined();
    const cors = templateOf({ corsOrigins: ['https://example.com'] });
    cors.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      CorsConfiguration: Match.objectLike({ AllowOrigins: ['https://example.com'], AllowMethods: ['GET', 'POST'] }),
    });
    const keys = ofType(cors.toJSON(), 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties.RouteKey);
    expect(keys).toEqual(expect.arrayContaining(['GET /{proxy+}', 'POST /{proxy+}']));
    expect(keys).not.toContain('ANY /{proxy+}');
  });

  test('the function sends to the queues of its types only, and reads keys without being able to make one', () => {
    const own = statementsOf(iam.toJSON()).filter(({ policy }) => policy.startsWith('ApiFunction'));
    const sends = own.filter(({ Action }) => [Action].flat().includes('sqs:SendMessage'));
    expect(sends.flatMap(({ Resource }) => [Resource].flat().map(resolved))).toEqual([
      expect.stringMatching(/^<QueuesconvertJobs.*Arn>$/),
    ]);
    const keyed = own.filter(({ Condition }) => JSON.stringify(Condition ?? '').includes('KEYS'));
    expect(keyed.map(({ Action }) => Action)).toEqual(['dynamodb:GetItem']);
    expect(own.flatMap(({ Action }) => Action).filter((action) => /\*|Delete|Scan/.test(action))).toEqual([]);
  });

  test('workers behind it keep records, the others do not', () => {
    const tasks = ofType(iam.toJSON(), 'AWS::ECS::TaskDefinition').map(([id, { Properties }]) => [
      id.replace(/Worker.*/, ''),
      JSON.stringify(Properties).includes('SLUICE_JOBS_TABLE'),
    ]);
    expect(Object.fromEntries(tasks)).toEqual({ Servicesconvert: true, Servicesother: false });
    const worker = statementsOf(iam.toJSON()).filter(({ policy }) => policy.startsWith('Servicesconvert'));
    expect(JSON.stringify(worker)).not.toContain('KEYS');
    expect(JSON.stringify(worker)).not.toContain('LIMIT');
  });

  test('the records outlive the stack, and their list leaves out what is large', () => {
    const [, table] = ofType(iam.toJSON(), 'AWS::DynamoDB::Table').find(([id]) => id.startsWith('Jobs')) ?? [];
    expect(table?.DeletionPolicy).toBe('Retain');
    expect(table?.Properties).toMatchObject({
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      GlobalSecondaryIndexes: [{ IndexName: 'byState', Projection: { ProjectionType: 'INCLUDE' } }],
    });
    const projected = JSON.stringify(table?.Properties.GlobalSecondaryIndexes);
    expect(projected).not.toContain('"payload"');
    expect(projected).not.toContain('"result"');
  });

  test('the function may do what its code calls, and nothing more', () => {
    const { inputs } = measure({ entry: functionBundle('jobs').entry, folder: '/nowhere' });
    const own = Object.keys(inputs).filter((file) => !file.includes('node_modules'));
    const called = new Set(
      own.flatMap((file) =>
        [
          ...readFileSync(join(process.cwd(), file), 'utf8').matchAll(
            /import \{([^}]*)\} from '@aws-sdk\/client-(\w+)'/g,
          ),
        ].flatMap(([, names = '', client = '']) =>
          [...names.matchAll(/(\w+)Command\b/g)].map(([, call]) => `${client}:${call}`),
        ),
      ),
    );
    // Looking whether an object is there is reading it, for IAM.
    called.delete('s3:HeadObject');
    const granted = statementsOf(iam.toJSON())
      .filter(({ policy }) => policy.startsWith('ApiFunction'))
      .flatMap(({ Action }) => Action)
      .filter((action) => !action.startsWith('logs:'));
    expect([...new Set(granted)].toSorted()).toEqual([...called].toSorted());
  });

  test("cdk-nag's AwsSolutions rules find nothing in it but what is written here", () => {
    const app = testApp();
    stackOf([specOf('convert')], { api: planOf({ types: { convert: {} } }) }, app);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).toThrow('Acknowledge with');
    const report = JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8'));
    const found = report.pluginReports
      .flatMap(({ violations }: Violations) => violations)
      .flatMap(({ ruleName, violatingConstructs }: Violations['violations'][number]) =>
        violatingConstructs.map(({ constructPath }) => `${constructPath} ${ruleName}`),
      )
      .filter((line: string) => /^sluice\/(Api|Jobs)\//.test(line));
    expect(found.toSorted()).toEqual(expectedFindings.map(({ finding }) => expect.stringMatching(finding)));
  });
});

interface Violations {
  readonly violations: readonly {
    readonly ruleName: string;
    readonly violatingConstructs: readonly { readonly constructPath: string }[];
  }[];
}

/** In order, each with the reason why it stays. */
const expectedFindings: readonly { readonly finding: RegExp; readonly because: string }[] = [
  { finding: /^sluice\/Api\/Function\/Role\/Resource .*IAM5.*payloads\/\*\]$/, because: 'Objects by tenant and job.' },
  { finding: /^sluice\/Api\/Function\/Role\/Resource .*IAM5.*results\/\*\]$/, because: 'Objects by tenant and job.' },
  {
    finding: /^sluice\/Api\/Function\/Role\/Resource .*IAM5.*uploads\/\*\]$/,
    because: 'Objects by tenant and upload.',
  },
  {
    finding: /^sluice\/Api\/Function\/Role\/Resource .*IAM5.*parameter\/sluice\/sluice\/\*\]$/,
    because: 'The bindings.',
  },
  { finding: /^sluice\/Api\/Http\/GET--health\/Resource .*APIG4$/, because: 'A probe has no identity.' },
  {
    finding: /^sluice\/Api\/Http\/GET--openapi\.json\/Resource .*APIG4$/,
    because: 'The same at every stage; no secret.',
  },
  { finding: /^sluice\/Jobs\/Bucket\/Resource .*S1$/, because: 'The access log of the API says who asked for what.' },
];
