import { createCluster, createService, registerTaskDefinition } from '../simulate/cloud/ecs/commands.ts';
import { answerAgent } from './control-plane/agent.ts';
import { type AlbHost, createAlbHost } from './control-plane/alb-host.ts';
import { createCloudWatchHost } from './control-plane/cloudwatch-host.ts';
import { type EcsHost, startEcsHost } from './control-plane/ecs-host.ts';
import type { ControlPlane, ControlPlaneOptions } from './control-plane/interface.ts';
import { createParameterStore } from './control-plane/parameter-store.ts';
import { readService } from './control-plane/read-service.ts';
import { readTaskDefinition } from './control-plane/read-task-definition.ts';
import { createSchedulerHost } from './control-plane/scheduler-host.ts';
import { startServer } from './control-plane/server.ts';
import { physicalName } from './control-plane/template-properties.ts';
import { serviceView, taskView } from './control-plane/views.ts';

export type {
  AlarmView,
  ControlPlane,
  ControlPlaneOptions,
  MetricDatum,
  ScheduleInvocation,
  ServiceMetric,
  ServiceView,
  TargetView,
  TaskView,
  TemplateResource,
} from './control-plane/interface.ts';

/** Our own ECS, CloudWatch, Scheduler and SSM on 127.0.0.1: the pure models of `lib/simulate/cloud` with HTTP, processes and time. */
export const startControlPlane = async (options: ControlPlaneOptions): Promise<ControlPlane> => {
  const onState = oncePerTurn(options.onChange);
  const cloudwatch = createCloudWatchHost(options, onState);
  const scheduler = createSchedulerHost(options);
  const parameters = createParameterStore(options);
  let url = '';
  const balancers = createAlbHost({
    ...options,
    onMetric: ({ type: _, ...metric }) =>
      cloudwatch.api.putServiceMetric({ namespace: 'AWS/ApplicationELB', ...metric }),
    onTarget: ({ type, target }) => host.feed({ type: targetEvents[type], task: target }),
  });
  const host = await startEcsHost({
    ...options,
    onMetric: cloudwatch.putEcsMetric,
    onRegister: balancers.register,
    onDeregister: balancers.deregister,
    onState,
    agentUrl: () => url,
  });
  const server = await startServer({
    services: {
      AmazonEC2ContainerServiceV20141113: host.call,
      GraniteServiceVersion20100801: cloudwatch.call,
      AmazonSSM: parameters.call,
    },
    agent: (method, path, body) => answerAgent({ state: host.state, callEcs: host.call, now }, method, path, body),
  });
  url = server.url;
  return {
    url,
    ecs: ecsDoor(host, balancers, options),
    elb: balancers.api,
    ssm: { putParameter: parameters.put },
    cloudwatch: cloudwatch.api,
    scheduler: scheduler.api,
    // The endpoint closes last: workers that drain still talk to it.
    close: async () => {
      scheduler.close();
      cloudwatch.close();
      await host.close();
      await balancers.close();
      await server.close();
    },
  };
};

const now = (): number => Date.now() / 1000;

const targetEvents = {
  becameHealthy: 'targetHealthy',
  becameUnhealthy: 'targetUnhealthy',
  drained: 'targetDrained',
} as const;

const ecsDoor = (host: EcsHost, balancers: AlbHost, options: ControlPlaneOptions): ControlPlane['ecs'] => ({
  createCluster: (resource) => {
    const name = physicalName(resource, 'ClusterName');
    return { name, arn: host.change((draft) => createCluster(draft, name)) };
  },
  registerTaskDefinition: (resource) => {
    const { spec, run } = readTaskDefinition(resource, options.projectDirectory);
    const { arn, family, revision } = host.change((draft) => registerTaskDefinition(draft, spec));
    host.setRun(`${family}:${revision}`, run);
    return arn;
  },
  createService: (resource) => {
    const spec = readService(resource, balancers.drainSeconds);
    const { name, arn } = host.change((draft) => createService(draft, spec));
    return { name, arn };
  },
  services: () => [...host.state().services.values()].map((service) => serviceView(host.state(), service, now())),
  tasks: () => [...host.state().tasks.values()].map((task) => taskView(host.state(), task, host.process(task.id)?.pid)),
  killTask: (id, signal) => {
    const process = host.process(id);
    process?.signal(signal);
    return process !== undefined;
  },
  interruptTask: (id) => host.feed({ type: 'spotInterruption', task: id }),
  prepare: host.prepare,
});

/** Many changes of one turn are one piece of news. */
const oncePerTurn = (tell: (() => void) | undefined): (() => void) => {
  let due = false;
  return () => {
    if (due || !tell) return;
    due = true;
    setImmediate(() => {
      due = false;
      tell();
    });
  };
};
