import type { Alert } from '../model/decision.ts';
import type { ServiceCounts } from '../model/observation.ts';
import { type Settings, sizeKey, type TaskSize } from '../model/plan.ts';
import type { SizeChange } from '../model/state.ts';
import type { EpochSeconds, Seconds } from '../model/units.ts';

/** ECS reads are eventually consistent: so long after a change, the definition before it proves nothing. */
const settleSeconds: Seconds = 15;

/** What becomes of the task size in one tick. */
export interface SizeDecision {
  /** The size after the decision. */
  readonly size: TaskSize;
  /** Present: the size changes, and this is the one before. */
  readonly from?: TaskSize;
  /** For the next tick. Absent: nothing to remember. */
  readonly resized?: SizeChange;
  /** Present: something to tell, about a change or about why there is none. */
  readonly step?: { readonly code: string; readonly text: string };
  readonly alerts: readonly Alert[];
}

/**
 * Whether the service gets the task size that this instant asks for. A change is a rolling deployment, so there is none
 * while another one is in progress, and one at most while a window lasts. If a deploy puts the service back to the
 * template's own definition, that is a new definition, and the window's size follows once the deploy is through.
 *
 * @param settings `size` is what is wanted, already that of the coming window when it is pre-warmed
 * @param window the name of the window that wants it, empty outside all windows
 * @param last the last change, as this function returned it
 */
export const decideSize = (
  settings: Settings,
  window: string,
  service: ServiceCounts,
  last: SizeChange | undefined,
  now: EpochSeconds,
): SizeDecision => {
  const wanted = settings.size;
  const present = service.taskDefinition;
  // Without definitions in the binding nobody can change the size, and nothing is known against the plan's own.
  if (present === undefined) return { size: wanted, alerts: [] };
  if (present.origin !== 'template' || present.size === undefined) return leftAlone(settings, service, last);

  const before = last?.window === window && last.to === sizeKey(wanted) ? last : undefined;
  if (sizeKey(present.size) === sizeKey(wanted))
    return { size: wanted, ...(before && { resized: { ...before, seen: true } }), alerts: [] };

  const stay = (code: string, text: string, alerts: readonly Alert[] = []): SizeDecision => ({
    size: present.size ?? wanted,
    ...(before && { resized: before }),
    step: { code, text },
    alerts,
  });
  const move = `${sizeText(present.size)} to ${sizeText(wanted)}`;
  if (service.deploymentInProgress)
    return stay('sizeWaits', `The task size is to go from ${move} once the deployment in progress is through.`);
  if (before !== undefined && before.from === present.name) {
    if (before.seen) {
      const text = `The task size was changed from ${move} ${whose(window)} and put back since, by a failed deployment or by hand: it stays until the next window.`;
      return stay('sizePutBack', text, [
        { code: 'sizePutBack', severity: 'warning', text: `${settings.service}: ${text}` },
      ]);
    }
    if (now - before.at < settleSeconds) return stay('sizeAsked', `The task size was asked to go from ${move}.`);
  }
  return {
    size: wanted,
    from: present.size,
    resized: {
      at: before?.from === present.name ? before.at : now,
      window,
      to: sizeKey(wanted),
      from: present.name,
      seen: false,
    },
    step: { code: 'resize', text: `The task size goes from ${move} ${whose(window)}, task by task.` },
    alerts: [],
  };
};

/** What the template does not know is somebody else's business; it may be a deploy that is not through yet. */
const leftAlone = (settings: Settings, service: ServiceCounts, last: SizeChange | undefined): SizeDecision => {
  const { name = '', origin, size = settings.size } = service.taskDefinition ?? {};
  const kept = { size, ...(last && { resized: last }) };
  if (origin === 'otherRevision') {
    const text = `The service runs ${name}, a revision that the last deploy did not make: its size is left alone until a deploy is through.`;
    const settled = !service.deploymentInProgress;
    return {
      ...kept,
      step: { code: 'otherRevision', text },
      alerts: settled ? [alertOf('otherRevision', 'info', settings, text)] : [],
    };
  }
  const text = `The service runs ${name}, a task definition that is not Sluice's: its size is left alone.`;
  return {
    ...kept,
    step: { code: 'foreignTaskDefinition', text },
    alerts: [alertOf('foreignTaskDefinition', 'warning', settings, text)],
  };
};

const alertOf = (code: string, severity: Alert['severity'], { service }: Settings, text: string): Alert => ({
  code,
  severity,
  text: `${service}: ${text}`,
});

const whose = (window: string): string => {
  if (window.startsWith('auto ')) return window.endsWith(' back') ? 'since it did worse' : 'as the weekly report chose';
  return window === '' ? 'outside all windows' : `for the window "${window}"`;
};

/** `0.5 vCPU / 1 GiB` */
const sizeText = ({ cpu, memoryMiB }: TaskSize): string => `${cpu / 1024} vCPU / ${memoryMiB / 1024} GiB`;
