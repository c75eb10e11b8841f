import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { lookAtDeadLetters, type Redriven, type RedriveQueue, redriveQueue } from '../jobs/upkeep/redrive.ts';
import { BadInput } from '../model/bad-input.ts';
import { openRecords } from './jobs/open-records.ts';
import { requireService } from './operate/known-service.ts';
import { print, printJson } from './operate/print.ts';
import { stageOptions } from './operate/source-options.ts';
import { configuredStage, openStage, stageLabel } from './operate/stage.ts';

export const define = (command: Command): void => {
  stageOptions(command)
    .description('Sends the dead letters of a service back to their queues, and its failed jobs back to queued.')
    .argument('<service>', 'the service')
    .option('--rate <n>', 'messages a second, 1 to 500 (default: as fast as SQS likes)')
    .option('--dry-run', 'say how many there are and why they failed, and move nothing')
    .option(
      '--json',
      'one JSON document: { stage, service, dryRun, queues: [{ queue, deadLetters, reasons, moved?, status?, requeued? }] }',
    )
    .action(redrive);
};

interface Options {
  readonly stage?: string;
  readonly config?: string;
  readonly rate?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

const redrive = async (service: string, options: Options): Promise<void> => {
  const rate = options.rate === undefined ? undefined : rateOf(options.rate);
  const stage = await openStage(options.stage ?? (await configuredStage(options.config)));
  requireService(
    service,
    stage.bindings.map(({ plan }) => plan.service),
    stageLabel(stage),
  );
  const queues = (stage.bindings.find(({ plan }) => plan.service === service)?.queues ?? []).flatMap(
    ({ name, url, deadLetterUrl }): RedriveQueue[] =>
      deadLetterUrl === undefined ? [] : [{ name, url, deadLetterUrl }],
  );
  if (queues.length === 0) throw noDeadLetters(service);
  const records = await openRecords(stage);
  const parts = {
    sqs: stage.clients.sqs,
    sleep: (seconds: number) => delay(seconds * 1000),
    now: () => Date.now() / 1000,
    ...(records && { store: records.store }),
  };
  const redriven: Redriven[] = [];
  for (const queue of queues) {
    redriven.push(await (options.dryRun ? lookAtDeadLetters(parts, queue) : redriveQueue(parts, queue, rate)));
  }
  if (options.json) printJson({ stage: stage.name, service, dryRun: options.dryRun === true, queues: redriven });
  else print(redriven.flatMap(linesOf));
  if (redriven.some(({ status = 'COMPLETED' }) => status !== 'COMPLETED')) process.exitCode = 1;
};

const linesOf = ({ queue, deadLetters, reasons, moved, status, requeued }: Redriven): readonly string[] => {
  const why = Object.entries(reasons).map(([reason, count]) => `${count} ${reason}`);
  const found = `${queue}: ${deadLetters} dead letters${why.length > 0 ? `; its failed jobs: ${why.join(', ')}` : ''}.`;
  if (moved === undefined) return [found, '  Nothing was moved.'];
  return [found, `  Moved ${moved}, ${requeued ?? 0} records are queued again; the task ended ${status}.`];
};

const rateOf = (text: string): number => {
  const rate = Number(text);
  if (Number.isInteger(rate) && rate >= 1 && rate <= 500) return rate;
  throw new BadInput([
    {
      path: '--rate',
      found: JSON.stringify(text),
      expected: 'a whole number of messages a second, 1 to 500',
      mend: 'Leave it out for as fast as SQS likes.',
    },
  ]);
};

const noDeadLetters = (service: string): BadInput =>
  new BadInput([
    {
      path: service,
      found: 'a service whose queues have no dead-letter queue that Sluice knows of',
      expected: 'a service with one',
      mend: 'For a queue of your own, give its dead-letter queue in the config or the construct.',
    },
  ]);
