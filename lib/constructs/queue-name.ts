/** SQS allows no more. */
export const longestQueueName = 80;

/**
 * `<stage>-<queue>` and `<stage>-<queue>-dead`, each with the `.fifo` that SQS demands: producers in other stacks and
 * repositories can know them beforehand.
 */
export const queueNameOf = (
  stage: string,
  queue: string,
  fifo: boolean,
): { readonly jobs: string; readonly dead: string } => {
  const name = `${stage}-${queue.replace(/\.fifo$/, '')}`;
  const ending = fifo ? '.fifo' : '';
  return { jobs: `${name}${ending}`, dead: `${name}-dead${ending}` };
};
