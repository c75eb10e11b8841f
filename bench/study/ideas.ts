/** A change of one text in one file under `lib/`. */
export interface Edit {
  readonly file: string;
  readonly search: string;
  readonly replace: string;
}

/** One idea of the `slo` policy, and what takes it out. */
export interface Idea {
  readonly name: string;
  /** What the policy does without it. */
  readonly without: string;
  readonly edits: readonly Edit[];
}

const policies = 'decide/policies';
const edit = (file: string, search: string, replace: string): Edit => ({ file, search, replace });

/**
 * The ideas are taken out of the source text as it is loaded, in a thread of its own: production code has no switches for
 * the bench, and `decide` pays nothing for them. test/bench/ideas.test.ts says when a text is not there any more.
 */
export const ideas: readonly Idea[] = [
  {
    name: 'error-budget loop',
    without: 'the price of a late job stays where it starts',
    edits: [edit(`${policies}/slo-price.ts`, 'return { log, ', 'return { log: before.log, ')],
  },
  {
    name: 'limit on the price',
    without: 'the price rises whatever the bill',
    edits: [
      edit(
        `${policies}/slo-price.ts`,
        'price.paidSlotSeconds > maxCostFactor',
        'price.paidSlotSeconds > 1e9 + maxCostFactor',
      ),
    ],
  },
  {
    name: 'forecast band',
    without: 'arrivals come exactly as forecast',
    edits: [
      edit(
        `${policies}/slo-late.ts`,
        'comingVariance += Math.min(dispersionMax, jobs.dispersion) *',
        'comingVariance += 0 *',
      ),
    ],
  },
  {
    name: 'learnt burstiness',
    without: 'the band is that of a Poisson stream',
    edits: [edit(`${policies}/slo-late.ts`, 'Math.min(dispersionMax, jobs.dispersion)', '1')],
  },
  {
    name: 'band of run times',
    without: 'completions come exactly as forecast',
    edits: [edit(`${policies}/slo-late.ts`, 'serviceDispersion * completions', '0')],
  },
  {
    name: 'quick surge detection',
    without: 'only windows from 30 s on',
    edits: [edit('forecast/arrivals.ts', 'of surgeWindowsSeconds', 'of []')],
  },
  {
    name: 'window that adapts',
    without: 'the rate is the mean of 16 minutes, or a surge',
    edits: [edit('forecast/arrivals.ts', '> agreementSigmas *', '> 1e9 *')],
  },
  {
    name: 'fast service estimate',
    without: 'only the slow mean of run times',
    edits: [
      edit('forecast/service-time.ts', 'surely(belief.fastBusySlotSeconds, belief.fastCompleted, fastSigmas)', '0'),
      edit('forecast/service-time.ts', 'surely(belief.lastBusySlotSeconds, belief.lastCompleted, lastSigmas)', '0'),
    ],
  },
  {
    name: 'start delay as a distribution',
    without: 'every start takes the median',
    edits: [
      edit(
        'forecast/start-delay.ts',
        'seconds <= 0 ? 0 : normalCdf((Math.log(seconds) - belief.mu) / Math.sqrt(belief.variance))',
        'Math.log(Math.max(1e-9, seconds)) >= belief.mu ? 1 : 0',
      ),
    ],
  },
  {
    name: 'deadlines one by one',
    without: 'only the end of the horizon is looked at',
    edits: [edit(`${policies}/slo-late.ts`, 'const stepCount = 24', 'const stepCount = 1')],
  },
  {
    name: 'waiting when it is cheap',
    without: 'a start is worth what it saves against none at all, not against a later one',
    edits: [edit(`${policies}/slo-late.ts`, 'const laterTicks = 2', 'const laterTicks = 1e6')],
  },
  {
    name: 'launches kept busy start at once',
    without: 'each starts at its last moment',
    edits: [edit(`${policies}/slo-out.ts`, 'const busyShare = 0.7', 'const busyShare = 0')],
  },
  {
    name: 'catching up',
    without: 'overdue jobs wait their turn',
    edits: [edit(`${policies}/slo-out.ts`, 'if (overdue < 0.5) return 0', 'if (overdue >= 0) return 0')],
  },
  {
    name: 'economics of starts',
    without: 'a spare start counts a tenth: no minimum billing, no image pull',
    edits: [edit(`${policies}/slo-out.ts`, 'const spareCost = 1', 'const spareCost = 0.1')],
  },
  {
    name: 'hold where late jobs are dear',
    without: 'an idle task goes when nothing is foreseen',
    edits: [edit(`${policies}/slo-in.ts`, 'need > tasks)', 'need > 1e9)')],
  },
  {
    name: 'idle tasks kept for what is foreseen',
    without: 'an idle task goes when its hold is over',
    edits: [edit(`${policies}/slo-in.ts`, 'latePrice * regretShare *', '0 *')],
  },
  {
    name: 'jobs whose task has gone',
    without: 'jobs in flight are those of the old counter',
    edits: [edit(`${policies}/slo-learn.ts`, 'Math.max(Math.min(inFlight, slots), inFlight - gone)', 'inFlight')],
  },
  {
    name: 'ages that are learnt',
    without: 'counters are 10 s old and reports 20 s',
    edits: [edit('forecast/signal-age.ts', 'if (badness >= least) continue', 'if (badness >= 0) continue')],
  },
  {
    name: 'price that begins where the promise puts it',
    without: 'one price to begin with and to return to',
    edits: [
      edit(`${policies}/slo-price.ts`, '= guessedLog(tick)', '= logStart'),
      edit(`${policies}/slo-price.ts`, '(before.log - before.usualLog) *', '0 *'),
    ],
  },
  {
    name: 'usual price follows what is learnt of start-ups and counters',
    without: 'the first guess, from what is believed at first, stays',
    edits: [edit(`${policies}/slo-price.ts`, '(guessed - (before.guessedLog ?? guessed)) +', '')],
  },
  {
    name: 'letting go with ample time',
    without: 'long promises are treated as short ones',
    edits: [edit(`${policies}/slo-in.ts`, '> ampleSeconds', '> 1e9')],
  },
  {
    name: 'age of what is seen',
    without: 'counters and reports are taken as of now',
    edits: [edit(`${policies}/slo-learn.ts`, 'Math.min(counterAgeSeconds, 2 * tickSeconds)', '0')],
  },
  {
    name: 'doubt of a lone zero',
    without: 'every zero is believed',
    edits: [edit(`${policies}/slo-learn.ts`, 'visible === 0 && inFlight > 0', 'visible < 0 && inFlight > 0')],
  },
];

/** The source with the edits made. @throws RangeError when a text is not there exactly once. */
export const withEdits = (file: string, source: string, edits: readonly Edit[]): string =>
  edits.reduce((text, one) => {
    const times = text.split(one.search).length - 1;
    if (times !== 1) throw new RangeError(`lib/${file} has "${one.search}" ${times} times, not once`);
    return text.replace(one.search, () => one.replace);
  }, source);
