import type { EpochSeconds, Seconds } from '../../../model/units.ts';

export interface AlbSettings {
  readonly region: string;
  readonly account: string;
  /** How often a target group's figures are published. AWS: 60. */
  readonly metricPeriodSeconds: Seconds;
}

export interface HealthCheck {
  readonly path: string;
  readonly intervalSeconds: Seconds;
  readonly timeoutSeconds: Seconds;
  /** Good checks in a row that make an unhealthy target healthy. A new target needs one. */
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /** Status codes that are good, both ends included. */
  readonly good: readonly (readonly [from: number, to: number])[];
}

export interface Target {
  readonly id: string;
  /** On 127.0.0.1. */
  readonly port: number;
  readonly status: 'initial' | 'healthy' | 'unhealthy' | 'draining';
  readonly statusAt: EpochSeconds;
  /** Checks in a row that speak against `status`. */
  readonly against: number;
  /** Requests that it has and has not answered. */
  readonly outstanding: number;
}

/** What happened in the period under way. */
export interface Tally {
  readonly requests: number;
  readonly answers: Answers | undefined;
  /** Targets that could not be connected to: the client gets 502. */
  readonly unreachable: number;
  /** No target at all: the client gets 503. */
  readonly rejected: number;
}

/** A list that a request is put before: an array would be copied with each one. */
export interface Answers {
  readonly seconds: Seconds;
  readonly status: number;
  readonly before: Answers | undefined;
}

export interface TargetGroup {
  readonly arn: string;
  /** `targetgroup/NAME/ID`: the value of CloudWatch's dimension. */
  readonly fullName: string;
  readonly health: HealthCheck;
  readonly deregistrationDelaySeconds: Seconds;
  /** Full name of the load balancer whose listener forwards to it; absent: none yet. */
  readonly loadBalancer?: string;
  readonly targets: ReadonlyMap<string, Target>;
  /** Requests that were routed so far; whose turn it is follows from it. */
  readonly routed: number;
  readonly tally: Tally;
}

export interface LoadBalancer {
  readonly arn: string;
  /** `app/NAME/ID`: the value of CloudWatch's dimension. */
  readonly fullName: string;
  /** ARN of the target group that its listener forwards to. */
  readonly targetGroup?: string;
}

export interface AlbState {
  readonly settings: AlbSettings;
  /** By ARN. */
  readonly loadBalancers: ReadonlyMap<string, LoadBalancer>;
  /** By ARN. */
  readonly targetGroups: ReadonlyMap<string, TargetGroup>;
  /** Start of the period under way. */
  readonly periodAt: EpochSeconds;
}

/** What happened in the world. `targetGroup` is an ARN. Events about what is gone change nothing. */
export type AlbEvent =
  | { readonly type: 'timePassed' }
  | { readonly type: 'registered'; readonly targetGroup: string; readonly target: string; readonly port: number }
  | { readonly type: 'deregistered'; readonly targetGroup: string; readonly target: string }
  | { readonly type: 'checked'; readonly targetGroup: string; readonly target: string; readonly good: boolean }
  /** `seconds`: from sending the request to the first byte of the answer. */
  | {
      readonly type: 'answered';
      readonly targetGroup: string;
      readonly target: string;
      readonly seconds: Seconds;
      readonly status: number;
    }
  /** It could not be connected to, or broke off before it answered. */
  | { readonly type: 'unreachable'; readonly targetGroup: string; readonly target: string }
  /** The client went away before there was an answer. */
  | { readonly type: 'abandoned'; readonly targetGroup: string; readonly target: string };

/** What the world must carry out or know. */
export type AlbEffect =
  | { readonly type: 'becameHealthy'; readonly targetGroup: string; readonly target: string }
  | { readonly type: 'becameUnhealthy'; readonly targetGroup: string; readonly target: string }
  /** Its requests are answered, or its time is over: it may be stopped. */
  | { readonly type: 'drained'; readonly targetGroup: string; readonly target: string }
  | {
      readonly type: 'metric';
      readonly name: string;
      readonly unit: 'Count' | 'Seconds';
      readonly dimensions: Readonly<Record<string, string>>;
      /** Start of the period that the values belong to. */
      readonly at: EpochSeconds;
      readonly values: readonly number[];
    };
