/**
 * Where a person who may read the bucket sees the object. Not a presigned URL: one that a function signs dies with the
 * credentials of its role, hours later, and until then it opens to whoever has the mail.
 */
export const consoleLink = (region: string, bucket: string, key: string): string => {
  const domain = region.startsWith('cn-')
    ? 'console.amazonaws.cn'
    : region.startsWith('us-gov-')
      ? 'console.amazonaws-us-gov.com'
      : 'console.aws.amazon.com';
  const query = new URLSearchParams({ region, prefix: key });
  return `https://${region}.${domain}/s3/object/${bucket}?${query.toString()}`;
};
