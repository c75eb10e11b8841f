import { Duration } from 'aws-cdk-lib';
import type * as ecs from 'aws-cdk-lib/aws-ecs';

export interface ContainerHealthCheckProps {
  /** Runs inside the container, such as `['CMD-SHELL', 'wget -qO- http://localhost:8080/health']`. Exit code 0: healthy. */
  readonly command: readonly string[];
  /** @default Duration.seconds(10) */
  readonly interval?: Duration;
  /** @default Duration.seconds(5) */
  readonly timeout?: Duration;
  /**
   * Failures in a row after which ECS replaces the task.
   * @default 3
   */
  readonly retries?: number;
  /**
   * Failures do not count for this long after the start. From 30 to 300 s.
   * @default Duration.seconds(60)
   */
  readonly startPeriod?: Duration;
}

/** A container's own health check as ECS takes it. A worker that is stuck is replaced; one that starts slowly is left alone. */
export const containerHealthCheck = (props: ContainerHealthCheckProps): ecs.HealthCheck => {
  const startPeriod = props.startPeriod ?? Duration.seconds(60);
  if (startPeriod.toSeconds() < 30 || startPeriod.toSeconds() > 300)
    throw new Error(
      `healthCheck.startPeriod: found ${startPeriod.toHumanString()}; expected 30 seconds to 5 minutes. ` +
        'Shorter, tasks are killed before they are up; ECS takes no longer one.',
    );
  return {
    command: [...props.command],
    interval: props.interval ?? Duration.seconds(10),
    timeout: props.timeout ?? Duration.seconds(5),
    retries: props.retries ?? 3,
    startPeriod,
  };
};
