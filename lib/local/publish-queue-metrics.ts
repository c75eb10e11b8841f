import type { Seconds } from '../model/units.ts';
import type { ControlPlane } from './control-plane/interface.ts';
import type { QueueFigures, QueueMeters } from './emulators/queue-meters.ts';

/** Publishes what SQS would, at the end of each period. Returns how to stop it. */
export const publishQueueMetrics = (
  controlPlane: ControlPlane,
  meters: QueueMeters,
  periodSeconds: Seconds,
): (() => void) => {
  const periodMs = periodSeconds * 1000;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    timer = setTimeout(publish, periodMs - (Date.now() % periodMs));
    timer.unref();
  };
  const publish = (): void => {
    // A timer may go off a moment early: the period that ends is the one whose end is nearest.
    const end = Math.round(Date.now() / periodMs) * periodSeconds;
    for (const figures of meters.read(Date.now())) putQueueMetrics(controlPlane, figures, end - periodSeconds);
    wait();
  };
  wait();
  return () => clearTimeout(timer);
};

/** Gauges other than the visible ones are there only when they are not zero, and counts only when something happened. */
const putQueueMetrics = (controlPlane: ControlPlane, figures: QueueFigures, at: number): void => {
  const put = (name: string, value: number | undefined, unit = 'Count'): void => {
    if (value === undefined) return;
    const dimensions = { QueueName: figures.queue };
    controlPlane.cloudwatch.putServiceMetric({ namespace: 'AWS/SQS', name, dimensions, unit, at, values: [value] });
  };
  put('ApproximateNumberOfMessagesVisible', figures.visible);
  put('ApproximateNumberOfMessagesNotVisible', figures.inFlight || undefined);
  put('ApproximateNumberOfMessagesDelayed', figures.delayed || undefined);
  put('ApproximateAgeOfOldestMessage', figures.oldestAgeSeconds, 'Seconds');
  put('NumberOfMessagesSent', figures.sent || undefined);
  put('NumberOfMessagesReceived', figures.received || undefined);
  put('NumberOfMessagesDeleted', figures.deleted || undefined);
};
