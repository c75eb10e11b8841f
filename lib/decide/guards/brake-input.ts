import { startDelayQuantile } from '../../forecast/start-delay.ts';
import type { Observation, ServiceCounts } from '../../model/observation.ts';
import type { StartDelay } from '../../model/state.ts';
import type { BrakeInput } from './brake.ts';

const z95 = 1.645;

export const brakeInput = (observation: Observation, service: ServiceCounts, startDelay: StartDelay): BrakeInput => {
  let visible: number | undefined = 0;
  let inFlight = 0;
  for (const { counts } of observation.queues) {
    if (!counts.known) visible = undefined;
    else {
      if (visible !== undefined) visible += counts.value.visible;
      inFlight += counts.value.inFlight;
    }
  }
  return {
    now: observation.now,
    desired: service.desired,
    running: service.running,
    visible: observation.queues.length === 0 ? undefined : visible,
    inFlight,
    work: observation.work.known ? observation.work.value : undefined,
    startSeconds: startDelayQuantile(startDelay, z95),
  };
};
