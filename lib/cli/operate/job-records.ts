import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { BadInput } from '../../model/bad-input.ts';
import { type JobRecordsBinding, jobsParameterName, parameterPath } from '../../model/binding.ts';

/** The job records of a deployed stage. */
export interface StageJobRecords extends JobRecordsBinding {
  readonly stage: string;
  readonly dynamo: DynamoDBClient;
}

/** Throws BadInput when the stage keeps none, or cannot be found. */
export const openJobRecords = async (stage: string): Promise<StageJobRecords> => {
  const ssm = new SSMClient({});
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: jobsParameterName(parameterPath(stage)) }));
    return { stage, ...(JSON.parse(Parameter?.Value ?? '') as JobRecordsBinding), dynamo: new DynamoDBClient({}) };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ParameterNotFound') {
      const said = error instanceof Error ? error.message : String(error);
      throw new Error(`the job records of stage ${stage} cannot be found: ${said}`, { cause: error });
    }
    throw new BadInput([
      {
        path: '--stage',
        found: `"${stage}", which keeps no job records`,
        expected: 'a stage that is deployed with "api" in its config',
        mend: 'Check --stage, AWS_REGION and AWS_PROFILE, or add "api": {} and deploy.',
      },
    ]);
  } finally {
    ssm.destroy();
  }
};
