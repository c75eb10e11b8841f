import { z } from 'zod';
import { defaultQueueFactorRules } from '../../decide/policies/queue-factor.ts';
import { anyNumber, decimal, group, listOf, note, oneOf, rule, text } from './field.ts';

const percent = () => decimal(0, 100);
const signalName = () => text('a signal name such as "cpu" or "queueDepth"');

const slo = group({
  type: z.literal('slo'),
  maxCostFactor: decimal(1)
    .exactOptional()
    .meta(
      note(
        'The fleet is never raised above this multiple of the work at hand for the sake of the error budget alone.',
        { fallback: '3' },
      ),
    ),
  changeCostSeconds: decimal(0)
    .exactOptional()
    .meta(
      note(
        'What one change of the desired count is worth: idle tasks stay until they have cost as much. More means fewer actions and a dearer fleet.',
        { unit: 'task-seconds', fallback: '0' },
      ),
    ),
  catchUpSeconds: decimal(10, 86_400)
    .exactOptional()
    .meta(
      note(
        'Jobs that are already late (after an outage, or a bulk load) are worked off within this time at the latest. Longer is cheaper: fewer tasks start for them. New jobs keep their promise as far as they pay for it.',
        { unit: 's', fallback: '60' },
      ),
    ),
}).meta(note('Smallest count with which the promise in `slo` is kept. The default for services with a queue.'));

const backlogPerTask = group({
  type: z.literal('backlogPerTask'),
  target: decimal(0, undefined, { above: true })
    .exactOptional()
    .meta(note('Acceptable backlog per task.', { unit: 'jobs', fallback: '`latencySeconds` / `secondsPerJob`' })),
  latencySeconds: decimal(0, undefined, { above: true })
    .exactOptional()
    .meta(note('Acceptable time in the queue.', { unit: 's', fallback: 'none' })),
  secondsPerJob: decimal(0, undefined, { above: true })
    .exactOptional()
    .meta(note('Run time of one job.', { unit: 's', fallback: 'as measured' })),
})
  .superRefine(
    rule(({ target, latencySeconds }) =>
      target === undefined && latencySeconds === undefined
        ? {
            found: 'neither "target" nor "latencySeconds"',
            expected: 'one of them',
            mend: 'Add "target": jobs per task, or "latencySeconds".',
          }
        : undefined,
    ),
  )
  .meta(note('Backlog divided by an acceptable backlog per task.'));

const trackedSignal = group({
  signal: signalName().meta(
    note(
      '`cpu`, `memory`, `errorPercent`, `cacheHitPercent` (percent, mean of the tasks), `requestsPerSecond`, `queueDepth`, `activeJobs`, `connections` (totals), `latencyMs`, or a name of your own.',
    ),
  ),
  target: decimal(0, undefined, { above: true })
    .exactOptional()
    .meta(note('Wanted mean of the tasks.', { unit: 'the signal’s own', fallback: 'none' })),
  perTask: decimal(0, undefined, { above: true })
    .exactOptional()
    .meta(note('Wanted share of a total for each task.', { unit: 'the signal’s own', fallback: 'none' })),
}).superRefine(
  rule(({ target, perTask }) =>
    (target === undefined) === (perTask === undefined)
      ? {
          found: target === undefined ? 'neither "target" nor "perTask"' : 'both "target" and "perTask"',
          expected: 'exactly one of them',
          mend: 'Keep "target" for an average of the tasks, "perTask" for a total to be shared.',
        }
      : undefined,
  ),
);

const targetTracking = group({
  type: z.literal('targetTracking'),
  signals: listOf(trackedSignal, 'a list of at least one { signal, target } or { signal, perTask }').meta(
    note('The largest count that any of them asks for wins.'),
  ),
  tolerance: decimal(0, 1)
    .default(0.1)
    .meta(note('Share by which value / target must differ from 1 before anything happens.')),
}).meta(note('`ceil(current × value / target)` as Kubernetes and AWS do.'));

const step = group({
  from: anyNumber()
    .exactOptional()
    .meta(note('Lower edge.', { unit: 'the signal’s own', fallback: 'open' })),
  to: anyNumber()
    .exactOptional()
    .meta(note('Upper edge.', { unit: 'the signal’s own', fallback: 'open' })),
  by: anyNumber().meta(note('The change, in the terms of `adjustment`.', { unit: 'tasks or percent' })),
}).superRefine(
  rule(({ from, to }) =>
    from !== undefined && to !== undefined && from >= to
      ? { found: `from ${from} to ${to}`, expected: '"from" below "to"', mend: 'Swap or widen the two edges.' }
      : undefined,
  ),
);

const steps = group({
  type: z.literal('steps'),
  signal: signalName().meta(note('The signal whose value chooses the step.')),
  adjustment: oneOf(['change', 'percent', 'exact'])
    .default('change')
    .meta(note('`change` adds tasks, `percent` a share of the present count, `exact` sets the count.')),
  steps: listOf(step, 'a list of at least one { from, to, by }').meta(
    note('Ranges of the signal, without overlap; no range: no change.'),
  ),
})
  .superRefine(
    rule(({ steps }) => {
      const order = steps
        .map((s, i) => ({ i, from: s.from ?? Number.NEGATIVE_INFINITY, to: s.to ?? Number.POSITIVE_INFINITY }))
        .sort((a, b) => a.from - b.from);
      const clash = order.find((s, k) => s.from < (order[k - 1]?.to ?? Number.NEGATIVE_INFINITY));
      return (
        clash && {
          path: ['steps', clash.i],
          found: `a range that overlaps another (from ${clash.from} to ${clash.to})`,
          expected: 'ranges without overlap',
          mend: 'Let each step begin where the one before it ends.',
        }
      );
    }),
  )
  .meta(note('Step scaling: ranges of a signal and what each changes.'));

const queueFactorRule = group({
  above: decimal(0)
    .exactOptional()
    .meta(note('Fits when the queue is longer.', { unit: 'jobs', fallback: 'open' })),
  below: decimal(0)
    .exactOptional()
    .meta(note('Fits when the queue is shorter.', { unit: 'jobs', fallback: 'open' })),
  activeBelow: decimal(0)
    .exactOptional()
    .meta(note('Fits when fewer jobs are being worked on.', { unit: 'jobs', fallback: 'open' })),
  factor: decimal(0, undefined, { above: true }).meta(note('New count = present count × factor.')),
});

const queueFactor = group({
  type: z.literal('queueFactor'),
  rules: listOf(queueFactorRule, 'a list of at least one { above | below, factor }')
    .default(defaultQueueFactorRules.map((rule) => ({ ...rule })))
    .meta(note('The first rule that fits wins.')),
}).meta(note('The count times a factor that the queue length chooses.'));

const thresholdSide = (description: string) =>
  group({
    cpu: percent()
      .exactOptional()
      .meta(note('CPU.', { unit: '%', fallback: 'the preset’s' })),
    memory: percent()
      .exactOptional()
      .meta(note('Memory.', { unit: '%', fallback: 'the preset’s' })),
    queue: decimal(0)
      .exactOptional()
      .meta(note('Queue length.', { unit: 'jobs', fallback: 'the preset’s' })),
    factor: decimal(0, undefined, { above: true })
      .exactOptional()
      .meta(note('New count = present count × factor.', { fallback: 'the preset’s' })),
  })
    .exactOptional()
    .meta(note(description, { fallback: 'the preset’s' }));

const threshold = group({
  type: z.literal('threshold'),
  preset: oneOf(['controller', 'conservative', 'aggressive', 'collector'])
    .default('controller')
    .meta(note('Where the figures come from that are not given.')),
  out: thresholdSide('Scale out when any of these is exceeded.'),
  in: thresholdSide('Scale in when all of these are undercut.'),
}).meta(note('Double or halve by thresholds of CPU, memory and queue.'));

const predictive = group({
  type: z.literal('predictive'),
  horizonMinutes: decimal(0, undefined, { above: true })
    .default(15)
    .meta(note('How far ahead.', { unit: 'min' })),
  minConfidence: decimal(0, 1).default(0.7).meta(note('Below this confidence nothing happens.')),
  mode: oneOf(['step', 'full']).default('step').meta(note('`step` moves by +2 or −1, `full` follows the forecast.')),
}).meta(note('Forecast from history by time of day and week.'));

const dampened = group({
  type: z.literal('dampened'),
  cpu: percent()
    .default(70)
    .meta(note('CPU that counts as factor 1.', { unit: '%' })),
  memory: percent()
    .default(80)
    .meta(note('Memory that counts as factor 1.', { unit: '%' })),
  latencyMs: decimal(0, undefined, { above: true })
    .default(500)
    .meta(note('Latency that counts as factor 1.', { unit: 'ms' })),
  ratePerTask: decimal(0, undefined, { above: true })
    .default(50)
    .meta(note('Requests per second and task that count as factor 1.', { unit: '1/s' })),
}).meta(note('The largest of four load factors, at most doubled, in by at most a fifth.'));

/** The policies that hold no other policies. */
export const policyLeaves = [
  slo,
  backlogPerTask,
  targetTracking,
  steps,
  queueFactor,
  threshold,
  dampened,
  predictive,
] as const;
