import type { ControlPlane } from './control-plane/interface.ts';
import type { Invocation } from './lambda/lambda-host.ts';

/** The free metrics of Lambda; the heartbeat alarm stands on `Invocations`. */
export const putInvocationMetrics = (controlPlane: ControlPlane, invocation: Invocation): void => {
  const put = (name: string, value: number, unit: string) =>
    controlPlane.cloudwatch.putMetric({
      namespace: 'AWS/Lambda',
      name,
      dimensions: { FunctionName: invocation.functionName },
      value,
      unit,
      at: invocation.startedAt,
    });
  put('Invocations', 1, 'Count');
  put('Errors', invocation.result.ok ? 0 : 1, 'Count');
  put('Duration', invocation.durationSeconds * 1000, 'Milliseconds');
};
