import { Duration } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { HolidayPlace } from '../model/plan.ts';
import { SluiceFunction } from './code/sluice-function.ts';

export interface HolidayFunctionProps {
  readonly places: readonly HolidayPlace[];
  readonly table: dynamodb.ITable;
  readonly logGroup: logs.ILogGroup;
}

/** Writes the public holidays of the next 400 days to the table, once a day, so that no tick needs the library for it. */
export class HolidayFunction extends SluiceFunction {
  constructor(scope: Construct, id: string, { places, table, logGroup }: HolidayFunctionProps) {
    super(scope, id, {
      name: 'holidays',
      description: 'Sluice: writes the public holidays of the next 400 days',
      environment: {
        SLUICE_TABLE: table.tableName,
        SLUICE_PLACES: JSON.stringify(places),
        POWERTOOLS_SERVICE_NAME: 'sluice-holidays',
      },
      timeout: Duration.minutes(1),
      memoryMiB: 512,
      logGroup,
      statements: [
        new iam.PolicyStatement({
          actions: ['dynamodb:PutItem'],
          resources: [table.tableArn],
          conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['CAL#*'] } },
        }),
      ],
    });
  }
}
