import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { DynamoJobStore } from '../../jobs/dynamo-job-store.ts';
import type { JobStore } from '../../jobs/job-store.ts';
import { payloadBucket } from '../../jobs/payload-bucket.ts';
import { jobNamesParameter, parameterPath } from '../../model/binding.ts';
import type { DeployedStage } from '../operate/stage.ts';

export interface OpenRecords {
  readonly table: string;
  readonly store: JobStore;
}

/** The job records of a stage. `undefined`: no service of it keeps any. */
export const openRecords = async (stage: DeployedStage): Promise<OpenRecords | undefined> => {
  const ssm = new SSMClient({ region: stage.region });
  try {
    const { Parameter } = await ssm.send(
      new GetParameterCommand({ Name: jobNamesParameter(parameterPath(stage.name)) }),
    );
    const { table } = JSON.parse(Parameter?.Value ?? '{}') as { readonly table: string };
    const store = new DynamoJobStore({
      dynamo: stage.clients.dynamo,
      table,
      bucket: payloadBucket(undefined, undefined),
    });
    return { table, store };
  } catch (error) {
    if (error instanceof Error && error.name === 'ParameterNotFound') return undefined;
    throw error;
  } finally {
    ssm.destroy();
  }
};
