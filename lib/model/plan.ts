import type { AlertSettings } from './alert-numbers.ts';
import type { AppliedBounds, AppliedSchedule, AppliedSize } from './applied.ts';
import type { LimitGrant } from './limits.ts';
import type { Behavior, Policy } from './policy.ts';
import type { LoadBalancerSignals, SignalSource } from './signal.ts';
import type { CpuUnits, EpochSeconds, MiB, Percent, Seconds, Usd } from './units.ts';

export interface TaskSize {
  readonly cpu: CpuUnits;
  readonly memoryMiB: MiB;
}

/** `512/1024`: CPU units and MiB, as keys of tables and rollups. */
export const sizeKey = ({ cpu, memoryMiB }: TaskSize): string => `${cpu}/${memoryMiB}`;

/** One queue with the promise that is made for it. */
export interface QueuePlan {
  readonly name: string;
  readonly percent: Percent;
  readonly startWithinSeconds: Seconds;
  readonly fifo: boolean;
}

/** `min` and `max` hold together; `exact` was turned into both. */
export interface TaskBounds {
  readonly min: number;
  readonly max: number;
}

export type DaySelector = 'weekdays' | 'weekends' | 'holidays' | 'every' | readonly Weekday[];
export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** A row of the schedule. The first row that fits an instant wins. */
export interface ScheduleWindow {
  readonly name: string;
  readonly days: DaySelector;
  /** One-off dates, YYYY-MM-DD in the service's zone. When present, `days` is not looked at. */
  readonly dates?: readonly string[];
  /** Minutes after local midnight, 0 to 1,440. Absent both: all day. `from > to` runs over midnight. */
  readonly fromMinute?: number;
  readonly toMinute?: number;
  readonly tasks?: { readonly min?: number; readonly max?: number; readonly exact?: number };
  readonly policy?: Policy;
  /** Pacing that goes with the window's own policy. Absent: the service's. */
  readonly behavior?: Behavior;
  readonly size?: TaskSize;
}

/** Where public holidays are looked up: ISO 3166 codes. */
export interface HolidayPlace {
  readonly country: string;
  readonly state?: string;
  readonly region?: string;
}

export interface Calendar {
  /** IANA name. */
  readonly timeZone: string;
  /** Public holidays and custom dates, YYYY-MM-DD, sorted. */
  readonly holidays: readonly string[];
  /** Whose public holidays count; a daily function keeps them fresh. Absent: only the dates above. */
  readonly place?: HolidayPlace;
}

/** What follows when signals stay unknown. */
export interface Fallback {
  readonly afterSeconds: Seconds;
  readonly count: number | 'current' | 'currentIfHigher' | 'currentIfLower';
  /** The static count that `currentIf…` compares with. */
  readonly than?: number;
}

export interface Budget {
  readonly usdPerMonth: Usd;
  readonly at80: 'warn' | 'hold' | 'min';
  readonly at95: 'warn' | 'hold' | 'min';
  readonly at100: 'warn' | 'hold' | 'min';
}

/** Load that is known beforehand, from `at` for `forSeconds`: a multiple of the load before it, or a number of its own. */
export interface DeclaredEvent {
  readonly at: EpochSeconds;
  readonly forSeconds: Seconds;
  /** Arrivals are this multiple of the usual. */
  readonly factor?: number;
  /** Arrivals in all, where the usual is nothing, or not known. */
  readonly jobsPerMinute?: number;
}

/** By what the count is multiplied when an alert of load is raised. 1: not. */
export interface Remediation {
  /** CPU critical. */
  readonly cpu: number;
  /** Memory nearly full. */
  readonly memory: number;
  /** Queue long. */
  readonly queue: number;
  /** How long the raised count stays at least, and until when it is not raised again. */
  readonly cooldownSeconds: Seconds;
}

export type Priority = 'critical' | 'high' | 'normal' | 'low';

/** One service as the config wants it, every default filled in, nothing left to check. Plain JSON. */
export interface ServicePlan {
  readonly service: string;
  readonly mode: 'act' | 'shadow';
  readonly tickSeconds: Seconds;
  /** Empty: a service without a queue. */
  readonly queues: readonly QueuePlan[];
  readonly worker: TaskSize & {
    readonly concurrency: number;
    readonly stopTimeoutSeconds: Seconds;
    readonly architecture: 'x86' | 'arm64';
  };
  readonly tasks: TaskBounds;
  readonly priority: Priority;
  readonly policy: Policy;
  readonly behavior: Behavior;
  readonly calendar: Calendar;
  readonly schedule: readonly ScheduleWindow[];
  readonly uses: Readonly<Record<string, number>>;
  /** Totals of the limits that this service takes part in, by name, shared by all services. `vcpu` is the account's quota. */
  readonly limits?: Readonly<Record<string, number>>;
  readonly budget?: Budget;
  /** The budget of all services together. */
  readonly sharedBudget?: Budget;
  readonly flapsPerHour?: number;
  readonly fallback?: Fallback;
  readonly events: readonly DeclaredEvent[];
  readonly priors?: Priors;
  /** Absent: alerts of load change no count. */
  readonly remediation?: Remediation;
  /** What differs from the usual in its alerts. */
  readonly alerts?: AlertSettings;
  /** Nobody reads its alerts, as in a replay: they are not looked for, and none can set a floor. */
  readonly unwatched?: true;
  /** False: nobody knows whether its tasks run Sluice's runtime and report what they do, so run times are estimated from outside. */
  readonly reports?: false;
  /** Signals of the user's own definition, by name. They go before the built-in source of that name. */
  readonly signals?: Readonly<Record<string, SignalSource>>;
  /** The load balancer that sends this service its requests. */
  readonly alb?: LoadBalancerSignals;
  /** Which advice the weekly report may apply by itself. Absent: none. */
  readonly apply?: ApplyRules;
  /** Between these the task size follows from what was measured. Absent: it is as configured. */
  readonly autoSize?: { readonly min: TaskSize; readonly max: TaskSize };
  /** What lies over the configured fields. Only `appliedPlan` sets it. */
  readonly applied?: AppliedInForce;
}

export interface ApplyRules {
  /** Lower minimums while it is quiet. */
  readonly schedule: boolean;
  /** Other bounds outside all windows. */
  readonly minMax: boolean;
  /** The lowest minimum that may be applied. */
  readonly downTo: number;
}

/** Applied advice that fits the config as it is now, within the limits that the config sets. */
export interface AppliedInForce {
  /** The plan's bounds before anything was laid over them. */
  readonly configured?: TaskBounds;
  readonly schedule?: AppliedSchedule;
  readonly minMax?: AppliedBounds;
  readonly size?: AppliedSize;
  /** Nobody knows whether a size was applied: it stays whatever it is. */
  readonly sizeUnknown?: true;
}

/** What is known of a service before it was ever seen at work. Learnt values overrule it within a few jobs and starts. */
export interface Priors {
  readonly serviceSeconds?: Seconds;
  readonly startDelaySeconds?: { readonly median: Seconds; readonly p95: Seconds };
}

/** What a person set at run time. A pause and a hold end by themselves; a stop lasts until its cause is gone. */
export type Override = SetByHand &
  (
    | { readonly kind: 'pause'; readonly until: EpochSeconds }
    | { readonly kind: 'hold'; readonly desired: number; readonly until: EpochSeconds }
    | {
        readonly kind: 'stop';
        /** `switch`: somebody turned everything off. The other two: nobody can tell what was wanted, so nothing moves. */
        readonly cause: 'switch' | 'unreadable' | 'unread';
      }
  );

/** Who, why and when, as far as they said so. */
export interface SetByHand {
  readonly by?: string;
  readonly reason?: string;
  readonly at?: EpochSeconds;
  /** Set for all services of the stage at once. */
  readonly all?: true;
}

/** A plan at one instant: the schedule is applied. This is what `decide` takes. */
export interface Settings extends Omit<ServicePlan, 'schedule' | 'calendar'> {
  /** The window that won, if any. */
  readonly window?: string;
  readonly override?: Override;
  /** The task size that this instant asks for. */
  readonly size: TaskSize;
  /** Present: a limit that is shared with other services leaves less than the service wants. */
  readonly grant?: LimitGrant;
  /** Present: the bounds of this instant as the config has them; advice that was applied made others of them. */
  readonly tasksConfigured?: TaskBounds;
  /** With an applied size: whether tasks may be replaced in this hour of the week. */
  readonly quietHour?: boolean;
  /** What the schedule changes within the next minutes, soonest first; pre-warming reads it. Absent: nothing. */
  readonly coming?: readonly ComingWindow[];
}

/** The window that takes over at `at`, with its floor and its task size. `window` is empty outside all windows. */
export interface ComingWindow {
  readonly at: EpochSeconds;
  readonly window: string;
  readonly min: number;
  readonly size: TaskSize;
}
