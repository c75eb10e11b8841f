import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { EpochSeconds } from '../model/units.ts';
import { type MetricQuery, type MetricSeries, queryKey } from './metric-query.ts';
import { readMetrics } from './read-metrics.ts';

/**
 * CloudWatch's series, each asked for at most once a minute, and of longer periods only when a new one may be there; in
 * between the last answer counts, with its own times. The same series is asked for once, however many signals need it.
 * What it remembers lives as long as the warm function; a second one asks once more.
 */
export class MetricReader {
  readonly #cloudwatch: CloudWatchClient;
  readonly #answers = new Map<string, { readonly series: MetricSeries; readonly dueAt: EpochSeconds }>();

  constructor(cloudwatch: CloudWatchClient) {
    this.#cloudwatch = cloudwatch;
  }

  /** Series in the order of `queries`. Never rejects. */
  async read(
    queries: readonly MetricQuery[],
    now: EpochSeconds,
    abortSignal: AbortSignal,
  ): Promise<readonly MetricSeries[]> {
    const due = new Map<string, MetricQuery>();
    for (const query of queries) {
      const key = queryKey(query);
      const answer = this.#answers.get(key);
      if (answer === undefined || now >= answer.dueAt) due.set(key, query);
    }
    // What CloudWatch rejected goes alone, so that the others need not be split again each minute.
    const [suspects, others] = partition([...due], ([key]) => this.#wasRejected(key));
    await Promise.all(
      [others, ...suspects.map((one) => [one])]
        .filter((batch) => batch.length > 0)
        .map((batch) => this.#ask(new Map(batch), now, abortSignal)),
    );
    return queries.map((query) => this.#answers.get(queryKey(query))?.series ?? { failed: 'not read' });
  }

  async #ask(due: ReadonlyMap<string, MetricQuery>, now: EpochSeconds, abortSignal: AbortSignal): Promise<void> {
    const series = await readMetrics(this.#cloudwatch, [...due.values()], now, abortSignal);
    [...due].forEach(([key, query], i) => {
      const answer = series[i];
      if (answer !== undefined) this.#answers.set(key, { series: answer, dueAt: dueAt(answer, query, now) });
    });
  }

  #wasRejected(key: string): boolean {
    const series = this.#answers.get(key)?.series;
    return series !== undefined && 'failed' in series && series.rejected === true;
  }
}

const dueAt = (series: MetricSeries, query: MetricQuery, now: EpochSeconds): EpochSeconds => {
  const every = Math.min(60, query.periodSeconds);
  const next = (Math.floor(now / every) + 1) * every;
  const newest = 'points' in series ? series.points[0] : undefined;
  return newest === undefined ? next : Math.max(next, newest.at + query.periodSeconds);
};

const partition = <T>(items: readonly T[], belongs: (item: T) => boolean): readonly [T[], T[]] => {
  const [yes, no]: [T[], T[]] = [[], []];
  for (const item of items) (belongs(item) ? yes : no).push(item);
  return [yes, no];
};
