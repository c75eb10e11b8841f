import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { guardSignals, signalsNeeded, trialSignals } from '../decide/signals-needed.ts';
import type { ServiceBinding } from '../model/binding.ts';
import type { QueueObservation, Reading, ServiceCounts } from '../model/observation.ts';
import { unknown } from '../model/observation.ts';
import type { Settings } from '../model/plan.ts';
import type { WorkTotals } from '../model/shard.ts';
import type { Sighting } from '../model/sighting.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';
import type { SignalWindows } from './beacon-signals.ts';
import { DeadLetters } from './dead-letters.ts';
import type { MetricSeries } from './metric-query.ts';
import { MetricReader } from './metric-reader.ts';
import { readQueueCounts } from './queue-counts.ts';
import { readServiceCounts } from './service-counts.ts';
import { type SignalPlan, signalPlan } from './signal-plan.ts';
import { readSignalWindows } from './signal-windows.ts';
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
/** What is only watched is read at five times the period of what is decided by. */
const watchPeriods = 5;

/** Looks at SQS, ECS, CloudWatch and the workers' totals, all at once. Every source that fails leaves unknown readings. */
export class AwsObserver {
  readonly #clients: ObserverClients;
  readonly #table: string;
  readonly #metrics: MetricReader;
  readonly #deadLetters: DeadLetters;
  readonly #metricPeriodSeconds: Seconds;

  /** `metricPeriodSeconds`: how often AWS' services publish; a local cloud may be quicker than a minute. */
  constructor(clients: ObserverClients, table: string, metricPeriodSeconds: Seconds = 60) {
    this.#clients = clients;
    this.#table = table;
    this.#metricPeriodSeconds = metricPeriodSeconds;
    this.#metrics = new MetricReader(clients.cloudwatch);
    this.#deadLetters = new DeadLetters(clients.sqs);
  }

  /** Sightings in the order of `services`. Never rejects. */
  async observe(
    services: readonly ServiceToObserve[],
    now: EpochSeconds,
    signal: AbortSignal,
  ): Promise<readonly Sighting[]> {
    const planned = services.map((service) => this.#plans(service, now));
    const [counts, series, windows, queues, totals, dead] = await Promise.all([
      this.#serviceCounts(services, now, signal),
      this.#series(planned.flat(), now, signal),
      Promise.all(services.map((service, i) => this.#windows(service, planned[i] ?? [], now, signal))),
      Promise.all(services.map((service) => this.#queues(service, now, signal))),
      Promise.all(services.map((service) => this.#totals(service, signal))),
      Promise.all(services.map(({ binding }) => this.#dead(binding, now, signal))),
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
          signals: {
            ...Object.fromEntries(
              (planned[i] ?? []).map(([name, plan]) => {
                const evidence = { now, queues: queueObservations, windows: windows[i] ?? [] };
                return [name, plan.read(series.get(plan) ?? [], evidence)];
              }),
            ),
            ...dead[i],
          },
        },
        ...('failed' in work ? {} : { totals: work.totals ?? noWork }),
        ...(difference.mark === undefined ? {} : { workMark: difference.mark }),
      };
    });
  }

  /** What the policy and the guards look at; and, more seldom, what is watched for the sake of alerts alone. */
  #plans(
    { binding, settings }: ServiceToObserve,
    now: EpochSeconds,
  ): readonly (readonly [name: string, plan: SignalPlan])[] {
    const needed = new Set([
      ...signalsNeeded(settings.policy),
      ...guardSignals(binding.plan),
      ...trialSignals(settings, now),
    ]);
    const watched = (settings.alerts?.watch ?? []).filter((name) => !needed.has(name));
    const period = this.#metricPeriodSeconds;
    return [
      ...[...needed].map((name) => [name, signalPlan(name, binding, period)] as const),
      ...watched.map((name) => [name, signalPlan(name, binding, watchPeriods * period)] as const),
    ];
  }

  async #dead(binding: ServiceBinding, now: EpochSeconds, signal: AbortSignal) {
    const [reading] = await orUnknown([binding], 'SQS, dead letters', signal, async (inner) => {
      const found = await this.#deadLetters.read(binding, now, inner);
      return found === undefined ? [] : [found];
    });
    return reading === undefined ? {} : { deadLetters: reading };
  }

  async #serviceCounts(
    services: readonly ServiceToObserve[],
    now: EpochSeconds,
    signal: AbortSignal,
  ): Promise<readonly Reading<ServiceCounts>[]> {
    const addresses = services.map((service) => service.binding);
    return orUnknown(addresses, 'ECS', signal, (inner) => readServiceCounts(this.#clients.ecs, addresses, now, inner));
  }

  /** What CloudWatch has for each plan, in the order of its queries. */
  async #series(
    planned: readonly (readonly [name: string, plan: SignalPlan])[],
    now: EpochSeconds,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<SignalPlan, readonly MetricSeries[]>> {
    const plans = planned.map(([, plan]) => plan).filter(({ queries }) => queries.length > 0);
    if (plans.length === 0) return new Map();
    const queries = plans.flatMap((plan) => plan.queries);
    let series: readonly MetricSeries[];
    try {
      series = await timeBox('CloudWatch', readSeconds, signal, (inner) => this.#metrics.read(queries, now, inner));
    } catch (error) {
      const failed = { failed: describeError(error) };
      series = queries.map(() => failed);
    }
    let next = 0;
    return new Map(
      plans.map((plan) => {
        const from = next;
        next += plan.queries.length;
        return [plan, series.slice(from, next)] as const;
      }),
    );
  }

  /** What the tasks reported, where some signal comes from them. */
  async #windows(
    { binding }: ServiceToObserve,
    planned: readonly (readonly [name: string, plan: SignalPlan])[],
    now: EpochSeconds,
    signal: AbortSignal,
  ): Promise<SignalWindows> {
    if (!planned.some(([, plan]) => plan.beacon)) return [];
    try {
      return await timeBox('the tasks’ signals', readSeconds, signal, (inner) =>
        readSignalWindows(this.#clients.dynamo, this.#table, binding.plan.service, now, inner),
      );
    } catch (error) {
      return { failed: describeError(error) };
    }
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
