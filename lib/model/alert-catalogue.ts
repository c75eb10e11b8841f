/** What people need to know of a kind of alert, whichever service raises it. */
export interface AlertKind {
  /** Ends the sentence "convert: …". */
  readonly title: string;
  /** The rule, with its numbers at their defaults; for the table in docs/operations.md. */
  readonly when: string;
  readonly severity: string;
  /** What Sluice does about it by itself. */
  readonly does: string;
  /** What a person does. */
  readonly mend: string;
}

const kind = (title: string, severity: string, when: string, does: string, mend: string): AlertKind => ({
  title,
  severity,
  when,
  does,
  mend,
});

/** By code, in the order of the docs' table. A test holds it against the code. */
export const alertKinds: Readonly<Record<string, AlertKind>> = {
  startsFail: kind(
    'tasks fail to start',
    'critical',
    'ECS counts failed starts, or tasks asked for four learnt start delays ago (5 minutes at least) do not run',
    'starts no further tasks until one of those runs',
    'Read the service’s events in ECS: image, secret, capacity, quota or network.',
  ),
  ineffective: kind(
    'more tasks do not complete more jobs',
    'critical',
    'the ineffectiveness brake (docs/guards.md)',
    'starts no more tasks than there are, and tries a few more now and then',
    'Look at what the jobs wait for: a downstream limit, FIFO groups, a poison job, a database.',
  ),
  twoWriters: kind(
    'somebody else sets the count too',
    'critical',
    '3 changes from outside within 30 minutes',
    'leaves each such count alone for 10 minutes',
    'Remove the other writer, as a rule an Application Auto Scaling target: "sluice doctor" has the commands.',
  ),
  decisionFailed: kind(
    'nothing could be decided',
    'critical',
    'an error in Sluice itself',
    'keeps the count, tries again at the next tick',
    'Look at the tick function’s log; roll Sluice back if it began with a deploy.',
  ),
  serviceNotFound: kind(
    'the ECS service is gone',
    'critical',
    'ECS says so',
    'tries again at each tick',
    'Deploy the stack again.',
  ),
  serviceNotActive: kind(
    'the ECS service is being deleted',
    'critical',
    'ECS says so',
    'tries again at each tick',
    'Take it out of the config, or deploy it again.',
  ),
  clusterNotFound: kind(
    'the ECS cluster is gone',
    'critical',
    'ECS says so',
    'tries again at each tick',
    'Deploy the stack again.',
  ),
  accessDenied: kind(
    'the count may not be changed',
    'critical',
    'IAM denies ecs:UpdateService',
    'keeps deciding, changes nothing',
    'Run "sluice doctor": it names the right that is missing.',
  ),
  updateRefused: kind(
    'ECS refuses the change',
    'critical',
    'InvalidParameterException',
    'tries again at each tick',
    'Read the message; a service of another kind, or a task definition that does not fit.',
  ),
  sizeWithoutDefinition: kind(
    'there is no task definition of the wanted size',
    'critical',
    'the binding has none',
    'leaves size and count as they are',
    'Deploy the stack again.',
  ),
  sloAtRisk: kind(
    'the promise is at risk',
    'warning; critical at the maximum',
    'for 3 minutes: what waits takes the fleet that is wanted longer to start than the promise allows; where run times are unknown, the oldest job is older than it',
    'starts tasks, as far as bounds, limits and guards let it',
    'If it is at its maximum, raise tasks.max; else wait for the tasks to start, and read "sluice why".',
  ),
  errorBudgetBurnt: kind(
    'more jobs are late than the promise allows',
    'warning over 24 hours; critical at 14.4 times the allowed share over an hour and still within 5 minutes',
    'at least 5 late jobs, as the workers report them',
    '`slo` pays more to avoid the next late job; other policies go on',
    'Read "sluice log --actions-only" of that time: a burst faster than tasks start wants a floor or an event, a maximum wants to be raised.',
  ),
  queueLong: kind(
    'its queue is long',
    'warning',
    'more than 5,000 jobs wait (`queueDepth`)',
    'scales by its policy; with `remediation` to twice as many',
    'If it should not be so long: look at what the tasks do, and at the maximum.',
  ),
  deadLetters: kind(
    'jobs lie in its dead-letter queue',
    'warning',
    'any; looked at every 10 minutes, for queues of the template',
    'leaves them there; they are kept 14 days',
    '"sluice redrive SERVICE --dry-run" says why they failed; mend that, then redrive.',
  ),
  cpuHigh: kind(
    'its CPU is high',
    'warning above 80 %, critical above 90 %',
    'for 1 minute, where a policy looks at `cpu` or it is watched',
    'scales by its policy; with `remediation` by half more',
    'Larger tasks, fewer jobs at once in each, or a target on cpu.',
  ),
  memoryHigh: kind(
    'its memory is nearly full',
    'critical',
    'above 95 %, where a policy looks at `memory` or it is watched',
    'scales by its policy; with `remediation` by 30 % more. The worker runtime takes fewer jobs at once',
    'Larger tasks or fewer jobs at once; ECS kills a task that has no memory left.',
  ),
  slowResponses: kind(
    'it answers slowly',
    'warning',
    'above 10 s, where a policy looks at `latencyMs` or it is watched',
    'scales by its policy',
    'Look at what it waits for; more tasks do not make a slow downstream faster.',
  ),
  rolloutDegraded: kind(
    'fewer tasks are ready than should be',
    'warning; critical when none is',
    'below 80 % of the desired ones (`readyPercent`) for three learnt start delays, 5 minutes at least',
    'keeps the count, and starts no more once starts fail',
    'Read the service’s events in ECS; after a deploy, roll back.',
  ),
  unexplainedTasks: kind(
    'it has more tasks than the forecast explains',
    'warning',
    '`slo`, for 15 minutes: two tasks more than the upper end of the forecast could keep busy, floors aside',
    'goes on',
    'Read "sluice why": a closed direction, jobs that became longer, or a price for late jobs that rose.',
  ),
  maxReached: kind(
    'at its maximum',
    'warning',
    'more tasks are wanted than the ceiling of this instant allows',
    'stays at the ceiling',
    'Raise tasks.max (or the window’s), or make jobs shorter; "sluice plan" says which limit binds.',
  ),
  signalsUnknown: kind(
    'its signals are stale or missing',
    'warning',
    'a policy has nothing to go by',
    'never scales in; after "fallback.afterMinutes" goes to the fallback count, if there is one',
    'Look which signal it is: "sluice why"; a metric that stopped, a right, a queue that is gone.',
  ),
  serviceUnknown: kind(
    'its task counts are not known',
    'warning',
    'ECS did not answer, or the service is of a kind that Sluice does not scale',
    'keeps the count',
    'Read the reason: throttling passes; a right or a deleted service does not.',
  ),
  foreignChange: kind(
    'the count was changed from outside',
    'warning',
    'the desired count is neither what Sluice asked for nor what was there before',
    'leaves it alone for 10 minutes',
    'If it was you: use "sluice hold" the next time. If nobody did, look for a second autoscaler.',
  ),
  rapidScaling: kind(
    'scales rapidly',
    'warning',
    'policies of rules: more than 5 tasks within 5 minutes, for 1 minute',
    'goes on',
    'Look at what the load does; a rate policy in "behavior" slows it down.',
  ),
  thrashing: kind(
    'scales to and fro',
    'warning',
    'policies of rules: more than 10 changes within 30 minutes, for 5 minutes; slo: more than 10 changes of direction',
    'goes on; with "flaps" scale-in waits',
    'A longer cooldown or stabilisation window, or "flaps": { "perHour": … }.',
  ),
  limitShort: kind(
    'a shared limit leaves less than it wants',
    'warning',
    'docs/guards.md, "Sharing"',
    'shares by priority',
    'Raise the limit, or change priorities.',
  ),
  budget80: kind(
    '80 % of the budget is spent',
    'warning',
    'spent of a monthly budget',
    'what "at80" says',
    'Look at the report.',
  ),
  budget95: kind(
    '95 % of the budget is spent',
    'warning',
    'spent of a monthly budget',
    'what "at95" says: no more scale-out unless told otherwise',
    'Raise the budget, or accept later jobs.',
  ),
  budget100: kind(
    'the budget is spent',
    'critical',
    'spent of a monthly budget',
    'what "at100" says: down to the minimum unless told otherwise',
    'Raise the budget, or accept later jobs.',
  ),
  budgetForecast: kind(
    'the month will end above the budget',
    'warning',
    'at the present rate',
    'nothing yet',
    'Look at the report, and at what runs now.',
  ),
  budgetUnknown: kind(
    'what was spent cannot be read',
    'warning',
    'the hourly costs are missing',
    'treats the budget as kept',
    'Look at the tick function’s log.',
  ),
  throttled: kind(
    'ECS throttles',
    'warning',
    'ThrottlingException',
    'tries again at the next tick',
    'Passes by itself; with hundreds of services raise tickSeconds.',
  ),
  actFailed: kind(
    'ECS did not answer',
    'warning',
    'no answer to UpdateService',
    'looks again at the next tick',
    'Passes by itself; else look at AWS Health.',
  ),
  stopAll: kind(
    'the stop-all switch is on',
    'warning',
    'somebody turned it on',
    'keeps every count',
    '"sluice resume --all" when the reason is gone.',
  ),
  overrideUnreadable: kind(
    'an override cannot be read',
    'warning',
    'an entry in the item of overrides has no known form',
    'counts it as a pause',
    'Mend or remove the entry ("Take the wheel").',
  ),
  overridesUnread: kind(
    'overrides could not be read',
    'warning',
    'the item was never read since the function started',
    'keeps the count',
    'Look at the table and at the function’s rights.',
  ),
  sizePutBack: kind(
    'the task size was put back',
    'warning',
    'a failed deployment or a hand undid a change of size that a window asked for',
    'leaves the size alone until the next window',
    'Find out why the tasks of that size did not start.',
  ),
  sizeRolledBack: kind(
    'an automatic task size did worse',
    'warning',
    'jobs take longer than expected, memory is full, or tasks do not start on the new size',
    'goes back to the size before, and does not try that size again for four weeks',
    'Nothing; look at the reason, and raise the minimum of `worker.size` if it is the size.',
  ),
  foreignTaskDefinition: kind(
    'it runs a task definition of somebody else’s',
    'warning',
    'the service’s task definition is not of the template',
    'leaves the size alone, scales the count',
    'Deploy the stack, or take the sizes out of the schedule.',
  ),
  otherRevision: kind(
    'it runs another revision than the last deploy made',
    'info',
    'no deployment is in progress',
    'leaves the size alone, scales the count',
    'Deploy the stack again.',
  ),
};

/** Codes without an entry (of a newer Sluice, or a policy's own) still read. */
export const alertKindOf = (code: string): AlertKind =>
  alertKinds[code] ??
  kind(code, 'warning', 'see docs/operations.md', 'see "sluice why"', 'Look at "sluice why" and "sluice log".');
