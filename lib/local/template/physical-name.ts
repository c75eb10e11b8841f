import { createHash } from 'node:crypto';

/** As CloudFormation names what the template leaves without a name: stack, logical id and a tail; here the same in every run. */
export const physicalName = (stack: string, logicalId: string, maxLength = 64): string => {
  const tail = createHash('sha256').update(`${stack}/${logicalId}`).digest('hex').slice(0, 8);
  const head = `${stack}-${logicalId}`.slice(0, maxLength - tail.length - 1);
  return `${head}-${tail}`;
};
