import { combiningOf, isSignalName, knownSignals } from '../../model/signal.ts';

/** What people call the things that Sluice measures by itself. */
const usualNames: readonly (readonly [RegExp, string])[] = [
  [/sqs|queue[_-]?(length|depth|size)|pending[_-]?(tasks|jobs)|messages?[_-]?visible|backlog/i, 'queueDepth'],
  [/^(active|running)[_-]?(jobs|downloads|conversions|tasks|workers)/i, 'activeJobs'],
  [/re?q(uest)?s?[_-]?(per[_-]?sec(ond)?|rate)|rps|qps/i, 'requestsPerSecond'],
  [/error[_-]?(rate|percent)/i, 'errorPercent'],
  [/cache[_-]?hit/i, 'cacheHitPercent'],
  [/(latency|response[_-]?time|duration).*(ms|millis)/i, 'latencyMs'],
  [/connections/i, 'connections'],
];

/** The name that a metric of somebody else gets here. `known`: Sluice has a source for it. */
export const signalFor = (metric: string): { readonly signal: string; readonly known: boolean } => {
  const own = knownSignals.find(({ name }) => name === metric)?.name;
  const known = own ?? usualNames.find(([pattern]) => pattern.test(metric))?.[1];
  if (known !== undefined) return { signal: known, known: true };
  const cleaned = metric.replace(/[^A-Za-z0-9_.-]/g, '_').slice(0, 63);
  return { signal: isSignalName(cleaned) ? cleaned : `m_${cleaned}`, known: false };
};

/** Names of totals, which tasks share. */
export const isTotal = (signal: string): boolean => combiningOf(signal) === 'sum';
