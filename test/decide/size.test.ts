import { describe, expect, it } from 'vitest';
import { decideSize, type SizeDecision } from '../../lib/decide/size.ts';
import type { ServiceCounts, TaskDefinitionSeen } from '../../lib/model/observation.ts';
import type { TaskSize } from '../../lib/model/plan.ts';
import type { SizeChange } from '../../lib/model/state.ts';
import { settingsWith } from './service.ts';

const small = { cpu: 512, memoryMiB: 1024 };
const large = { cpu: 1024, memoryMiB: 2048 };
const t0 = 1_000_000;

const own = (name: string, size: TaskSize): TaskDefinitionSeen => ({ name, origin: 'template', size });
const base = own('base:1', small);
const inWindow = own('large:1', large);

interface Look {
  readonly at?: number;
  readonly wanted?: TaskSize;
  readonly window?: string;
  readonly present?: TaskDefinitionSeen;
  readonly deploying?: boolean;
  readonly last?: SizeChange | undefined;
}

const look = ({
  at = t0,
  wanted = large,
  window = 'business',
  present = base,
  deploying = false,
  last,
}: Look): SizeDecision => {
  const service: ServiceCounts = {
    desired: 5,
    running: 5,
    pending: 0,
    deploymentInProgress: deploying,
    failedStarts: 0,
    taskDefinition: present,
  };
  return decideSize(settingsWith({ size: wanted }), window, service, last, at);
};

const asked: SizeChange = { at: t0, window: 'business', to: '1024/2048', from: 'base:1', seen: false };
const seen: SizeChange = { ...asked, seen: true };

describe('the task size', () => {
  it('changes when the window asks for another, and says so', () => {
    const decision = look({});
    expect(decision).toMatchObject({ size: large, from: small, resized: asked, alerts: [] });
    expect(decision.step?.text).toBe(
      'The task size goes from 0.5 vCPU / 1 GiB to 1 vCPU / 2 GiB for the window "business", task by task.',
    );
  });

  it.each<[string, Look, Partial<SizeDecision>]>([
    ['stays where it is right', { present: inWindow }, { size: large, alerts: [] }],
    [
      'waits for a deployment to be through',
      { deploying: true },
      { size: small, step: expect.objectContaining({ code: 'sizeWaits' }) },
    ],
    [
      'waits for ECS to show what was just asked',
      { at: t0 + 10, last: asked },
      { size: small, resized: asked, step: expect.objectContaining({ code: 'sizeAsked' }) },
    ],
    [
      'is asked for again when the call was lost',
      { at: t0 + 20, last: asked },
      { size: large, from: small, resized: asked },
    ],
    [
      'is remembered as seen',
      { at: t0 + 60, present: inWindow, deploying: true, last: asked },
      { size: large, resized: seen },
    ],
    [
      'follows a deploy that made a new revision of the base',
      { at: t0 + 900, present: own('base:2', small), last: seen },
      { from: small, size: large, resized: { ...asked, at: t0 + 900, from: 'base:2' } },
    ],
    [
      'may change again for the next window',
      { at: t0 + 900, window: 'late', last: seen },
      { from: small, size: large },
    ],
    [
      'goes back outside all windows',
      { wanted: small, window: '', present: inWindow, last: seen },
      { from: large, size: small, resized: { at: t0, window: '', to: '512/1024', from: 'large:1', seen: false } },
    ],
  ])('%s', (_name, given, expected) => {
    const decision = look(given);
    expect(decision).toMatchObject(expected);
    expect('from' in decision).toBe('from' in expected);
  });

  it('changes once a window: what was put back since stays, with an alert', () => {
    const decision = look({ at: t0 + 600, last: seen });
    expect(decision).toMatchObject({
      size: small,
      resized: seen,
      alerts: [{ code: 'sizePutBack', severity: 'warning' }],
    });
    expect(decision.from).toBeUndefined();
  });

  it.each([
    ['of another origin', { name: 'theirs:7', origin: 'foreign' }, 'foreignTaskDefinition', 'warning'],
    [
      'of a revision that no deploy of ours made',
      { name: 'base:9', origin: 'otherRevision', size: small },
      'otherRevision',
      'info',
    ],
  ] as const)('leaves a definition %s alone and says so', (_name, present, code, severity) => {
    const decision = look({ present, last: seen });
    expect(decision).toMatchObject({ resized: seen, step: { code }, alerts: [{ code, severity }] });
    expect(decision.from).toBeUndefined();
  });

  it('does not alarm about the old revision while its deploy is still rolling out', () => {
    expect(look({ present: { name: 'base:9', origin: 'otherRevision', size: small }, deploying: true }).alerts).toEqual(
      [],
    );
  });

  it('is nobody’s business where the template made no definitions', () => {
    const counts = { desired: 1, running: 1, pending: 0, deploymentInProgress: false, failedStarts: 0 };
    expect(decideSize(settingsWith({ size: large }), '', counts, undefined, t0)).toEqual({ size: large, alerts: [] });
  });
});
