import { decide } from '../../decide/decide.ts';
import { shareLimits } from '../../decide/share-limits.ts';
import type { Decision } from '../../model/decision.ts';
import type { Priors, ServicePlan, Settings } from '../../model/plan.ts';
import { initialState, type ServiceState } from '../../model/state.ts';
import type { EpochSeconds } from '../../model/units.ts';
import { settingsAt } from '../../schedule/settings-at.ts';
import { asObject, BadLine, instant, observationOf, optionalNumber, requiredNumber } from './message.ts';
import { planFromInit } from './plan-from-init.ts';

export interface SessionOptions {
  /** Absent: the objective comes from `init`, the policy is `slo`. */
  readonly plans?: readonly ServicePlan[];
  /** Present: one service, answers carry a number. Absent with plans: answers carry a number per service. */
  readonly service?: string;
  readonly explain: boolean;
}

export interface Session {
  /** The answer to one line: text, undefined for a line without an answer, null when the session is over. */
  readonly answer: (line: string) => string | undefined | null;
}

interface Member {
  readonly plan: ServicePlan;
  readonly priors: Priors;
  state: ServiceState;
}

/** The protocol of shared/referee/SPEC.md around the pure core: one answer a line, a bad line changes nothing. */
export const createSession = (options: SessionOptions): Session => {
  const many = options.plans !== undefined && options.service === undefined;
  let startEpoch: EpochSeconds | undefined;
  let lastNow = Number.NEGATIVE_INFINITY;
  let members: readonly Member[] = [];

  const begin = (message: Readonly<Record<string, unknown>>): string => {
    const epoch = optionalNumber(message, 'startEpoch') ?? 0;
    const plans = options.plans ?? [planFromInit(message)];
    const next = plans.map((plan) => {
      const tickSeconds = optionalNumber(message, 'tickS');
      return {
        plan: tickSeconds === undefined ? plan : { ...plan, tickSeconds },
        priors: priorsOf(message),
        state: initialState(epoch),
      };
    });
    startEpoch = epoch;
    lastNow = Number.NEGATIVE_INFINITY;
    members = next;
    return '{"ready":true}';
  };

  const tick = (message: Readonly<Record<string, unknown>>): string => {
    if (startEpoch === undefined) throw new BadLine('a tick came before init');
    const epoch = startEpoch;
    const now = message.now === undefined ? epoch + requiredNumber(message, 't') : instant(message.now, 'now');
    if (now < lastNow) throw new BadLine(`time ran back: ${now} s after ${lastNow} s (epoch seconds)`);
    const observed = members.map((member) => ({
      member,
      observation: observationOf(
        many ? partOf(message, member.plan.service) : message,
        now,
        epoch,
        member.plan.queues.map((queue) => queue.name),
      ),
    }));
    const drafts = observed.map(({ member, observation }) => {
      const settings = withPriors(settingsAt(member.plan, now), member.priors);
      return {
        member,
        settings,
        observation,
        state: member.state,
        decision: decide(observation, settings, member.state),
      };
    });
    const grants = shareLimits(drafts);
    const decisions = drafts.map(({ member, settings, observation, decision }) => {
      const grant = grants.get(settings.service);
      return grant === undefined ? decision : decide(observation, { ...settings, grant }, member.state);
    });
    decisions.forEach((decision, i) => {
      const member = members[i];
      if (member) member.state = decision.state;
    });
    lastNow = now;
    return JSON.stringify(
      many ? answerForAll(decisions, options.explain) : answerForOne(decisions[0], options.explain),
    );
  };

  return {
    answer: (line) => {
      if (line.trim() === '') return undefined;
      try {
        const message = asObject(parse(line), 'a line');
        switch (message.type) {
          case 'init':
            return begin(message);
          case 'tick':
            return tick(message);
          case 'end':
            return null;
          default:
            throw new BadLine(
              `type must be "init", "tick" or "end", found ${JSON.stringify(message.type) ?? 'nothing'}`,
            );
        }
      } catch (error) {
        if (error instanceof BadLine) return JSON.stringify({ error: error.message });
        throw error;
      }
    },
  };
};

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new BadLine(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
};

const partOf = (message: Readonly<Record<string, unknown>>, service: string): Readonly<Record<string, unknown>> => {
  const services = asObject(message.services ?? {}, 'services');
  return services[service] === undefined ? {} : asObject(services[service], `services.${service}`);
};

const priorsOf = (message: Readonly<Record<string, unknown>>): Priors => {
  const serviceSeconds = optionalNumber(message, 'serviceMeanS');
  const delay = message.startDelay === undefined ? undefined : asObject(message.startDelay, 'startDelay');
  return {
    ...(serviceSeconds !== undefined && { serviceSeconds }),
    ...(delay && {
      startDelaySeconds: {
        median: requiredNumber(delay, 'medianS', 'startDelay.'),
        p95: requiredNumber(delay, 'p95S', 'startDelay.'),
      },
    }),
  };
};

const withPriors = (settings: Settings, priors: Priors): Settings =>
  priors.serviceSeconds === undefined && priors.startDelaySeconds === undefined
    ? settings
    : { ...settings, priors: { ...settings.priors, ...priors } };

/** A hold is `null`: the judge leaves the count alone, whatever it is. */
const countOf = (decision: Decision): number | null =>
  decision.kind === 'hold' && decision.desired === decision.from ? null : decision.desired;

const answerForOne = (decision: Decision | undefined, explain: boolean): object => {
  if (!decision) return { desired: null };
  return { desired: countOf(decision), ...(explain && { explain: decision.explanation, alerts: decision.alerts }) };
};

const answerForAll = (decisions: readonly Decision[], explain: boolean): object => ({
  desired: Object.fromEntries(decisions.map((decision) => [decision.service, countOf(decision)])),
  ...(explain && {
    explain: Object.fromEntries(decisions.map((decision) => [decision.service, decision.explanation])),
    alerts: Object.fromEntries(decisions.map((decision) => [decision.service, decision.alerts])),
  }),
});
