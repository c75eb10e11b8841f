import type { Draft } from '../draft.ts';
import type { Source } from '../source/source.ts';

const prefix = 'autoscaling.keda.sh/';

/** KEDA's manual control by annotations. */
export const pauses = (draft: Draft, document: Source): void => {
  const annotations = document.get('metadata', 'annotations');
  if (annotations?.isObject !== true) return;
  const { service } = draft;
  const given = (name: string): Source | undefined => annotations.get(`${prefix}${name}`);
  const isOn = (source: Source | undefined): source is Source => source?.text() === 'true';

  const paused = given('paused');
  const count = given('paused-replicas');
  if (isOn(paused) || count !== undefined) service.mode = 'shadow';
  if (isOn(paused))
    draft.near(
      paused,
      'mode "shadow"',
      'It decides and never acts. Remove it to resume, or pause at run time with an expiry: sluice pause.',
      'mode',
    );
  if (count !== undefined)
    draft.near(
      count,
      'mode "shadow"',
      `Nothing is moved; for a fixed count: sluice hold ${draft.name} --desired ${count.wholeNumber()} --for 24h, with "mode" removed.`,
      'mode',
    );
  for (const [name, side] of [
    ['paused-scale-in', 'scaleIn'],
    ['paused-scale-out', 'scaleOut'],
  ] as const)
    if (isOn(given(name)))
      service.behavior = { ...service.behavior, [side]: { ...service.behavior?.[side], select: 'disabled' } };

  const forced = given('force-activation');
  if (isOn(forced) && service.tasks?.min === 0) {
    service.tasks = { ...service.tasks, min: 1 };
    draft.near(forced, 'tasks.min 1', 'At least one task runs.', 'tasks.min');
  }
};
