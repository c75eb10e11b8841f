/** A cover key for people: `rds/us-east-1/mysql/r6g` → `RDS mysql r6g in us-east-1`; '' and `databases` are whole groups. */
export const poolWords = (pool: string): string => {
  const [kind = '', region, ...rest] = pool.split('/');
  if (kind === '') return 'Fargate and EC2';
  const name = kindWords[kind] ?? kind;
  return [name, ...rest, ...(region === undefined ? [] : ['in', region])].join(' ');
};

const kindWords: Readonly<Record<string, string>> = {
  fargate: 'Fargate',
  ec2: 'EC2',
  rds: 'RDS',
  elasticache: 'ElastiCache',
  databases: 'RDS and ElastiCache',
};
