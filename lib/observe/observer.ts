import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { ServiceBinding } from '../model/binding.ts';
import type { QueueObservation, Reading, ServiceCounts } from '../model/observation.ts';
import { unknown } from '../model/observation.ts';
import type { Settings } from '../model/plan.ts';
import type { WorkTotals } from '../model/shard.ts';
import type { Sighting } from '../model/sighting.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';
import { readQueueCounts } from './queue-counts.ts';
import { readServiceCounts } from './service-counts.ts';
import { isCloudWatchSignal, queueSignal, SignalReader } from './signal-reader.ts';
import { signalsNeeded } from './signals-needed.ts';
import { describeError, timeBox } from './time-box.ts';
import { noWork, workDifference } from './work-report.ts';
import { readWorkTotals } from './work-totals.ts';

export interface ServiceToObserve {
  readonly binding: ServiceBinding;
  readonly settings: Settings;
  /** The totals of the tick before. Absent: not known. */
  readonly previousWork: WorkTotals | undefined;
}

export interface ObserverClients {
  readonly sqs: SQSClient;
  readonly ecs: ECSClient;
  readonly dynamo: DynamoDBClient;
  readonly cloudwatch: CloudWatchClient;
}

/** Each source has this long, whatever the others do. */
const readSeconds: Seconds = 4;

/** Looks at SQS, ECS, CloudWatch and the workers' totals, all at once. Every source that fails leaves unknown readings. */
export class AwsObserver {
  readonly #clients: ObserverClients;
  readonly #table: string;
  readonly #signals: SignalReader;

  constructor(clients: ObserverClients, table: string) {
    this.#clients = clients;
    this.#table = table;
    this.#signals = new SignalReader(clients.cloudwatch);
  }

  /** Sightings in the order of `services`. Never rejects. */
  async observe(
    services: readonly ServiceToObserve[],
    now: EpochSeconds,
    signal: AbortSignal,
  ): Promise<readonly Sighting[]> {
    const [counts, signals, queues, totals] = await Promise.all([
      this.#serviceCounts(services, now, signal),
      this.#cloudWatchSignals(services, now, signal),
      Promise.all(services.map((service) => this.#queues(service, now, signal))),
      Promise.all(services.map((service) => this.#totals(service, signal))),
    ]);
    return services.map((service, i) => {
      const work = totals[i] ?? { failed: 'not read' };
      const queueObservations = queues[i] ?? [];
      const difference =
        'failed' in work
          ? { report: unknown('failed', work.failed), mark: service.previousWork }
          : workDifference(work.totals, service.previousWork, now);
      return {
        observation: {
          now,
          queues: queueObservations,
          service: counts[i] ?? unknown('missing'),
          work: difference.report,
          signals: this.#namedSignals(service, queueObservations, signals, now),
        },
        ...('failed' in work ? {} : { totals: work.totals ?? noWork }),
        ...(difference.mark === undefined ? {} : { workMark: difference.mark }),
      };
    });
  }

  async #serviceCounts(
    services: readonly ServiceToObserve[],
    now: EpochSeconds,
    signal: AbortSignal,
  ): Promise<readonly Reading<ServiceCounts>[]> {
    const addresses = services.map((service) => service.binding);
    return orUnknown(addresses, 'ECS', signal, (inner) => readServiceCounts(this.#clients.ecs, addresses, now, inner));
  }

  /** By service and name, for `#namedSignals`. */
  async #cloudWatchSignals(
    services: readonly ServiceToObserve[],
    now: EpochSeconds,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Reading<number>>> {
    const wanted = services.flatMap(({ binding, settings }) =>
      signalsNeeded(settings.policy)
        .filter(isCloudWatchSignal)
        .map((name) => ({ binding, signal: name })),
    );
    if (wanted.length === 0) return new Map();
    const readings = await orUnknown(wanted, 'CloudWatch', signal, (inner) => this.#signals.read(wanted, now, inner));
    return new Map(
      wanted.map((one, i) => [`${one.binding.plan.service}\n${one.signal}`, readings[i] ?? unknown('missing')]),
    );
  }

  async #queues(
    service: ServiceToObserve,
    now: EpochSeconds,
    signal: AbortSignal,
  ): Promise<readonly QueueObservation[]> {
    const { queues } = service.binding;
    const readings = await Promise.all(
      queues.map(({ name, url }) =>
        orUnknown([url], `SQS, queue ${name}`, signal, async (inner) => [
          await readQueueCounts(this.#clients.sqs, url, now, inner),
        ]),
      ),
    );
    return queues.map(({ name }, i) => ({ name, counts: readings[i]?.[0] ?? unknown('missing') }));
  }

  async #totals(
    { binding }: ServiceToObserve,
    signal: AbortSignal,
  ): Promise<{ readonly totals: WorkTotals | undefined } | { readonly failed: string }> {
    try {
      return {
        totals: await timeBox('the workers’ totals', readSeconds, signal, (inner) =>
          readWorkTotals(this.#clients.dynamo, this.#table, binding.plan.service, inner),
        ),
      };
    } catch (error) {
      return { failed: describeError(error) };
    }
  }

  #namedSignals(
    { binding, settings }: ServiceToObserve,
    queues: readonly QueueObservation[],
    cloudWatch: ReadonlyMap<string, Reading<number>>,
    now: EpochSeconds,
  ): Readonly<Record<string, Reading<number>>> {
    const readingOf = (name: string): Reading<number> =>
      queueSignal(name, queues, now) ??
      cloudWatch.get(`${binding.plan.service}\n${name}`) ??
      unknown('missing', `no source is bound to the signal ${name}`);
    return Object.fromEntries(signalsNeeded(settings.policy).map((name) => [name, readingOf(name)]));
  }
}

/** One reading for each of `of`, all unknown when `read` does not come back in time. */
async function orUnknown<T>(
  of: readonly unknown[],
  what: string,
  signal: AbortSignal,
  read: (signal: AbortSignal) => Promise<readonly Reading<T>[]>,
): Promise<readonly Reading<T>[]> {
  try {
    return await timeBox(what, readSeconds, signal, read);
  } catch (error) {
    const failed = unknown('failed', describeError(error));
    return of.map(() => failed);
  }
}
