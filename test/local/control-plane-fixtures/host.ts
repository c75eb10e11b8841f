// A host of its own, to be killed: an idle worker, one in an endless loop, and a command that is not Node.
import { startTestPlane } from './start-test-plane.ts';

const cloud = await startTestPlane();
cloud.service('Idle');
cloud.service('Burns', { BURN: 'yes' });
cloud.service('Shell', {}, { metadata: { 'sluice:local': { command: ['sleep', '300'] } } });
await cloud.line('ready', 'Idle');
await cloud.line('ready', 'Burns');
const pids = await cloud.until('all', () => {
  const running = cloud.plane.ecs.tasks().filter((task) => task.lastStatus === 'RUNNING');
  return running.length === 3 && running.map((task) => task.pid);
});
console.log(JSON.stringify({ pids }));
