import { watchForStop } from '../../../lib/cli/start/watch-for-stop.ts';

// For watch-for-stop.test.ts: says when it is ready, why it stops, and whether it was asked again.
const watch = watchForStop((reason) => {
  console.log(`again: ${reason.text}`);
  process.exit(reason.exitCode);
});
const alive = setInterval(() => {}, 1000);
console.log(`ready ${process.pid}`);
const reason = await watch.stopped;
console.log(`stopped: ${reason.text}`);
if (process.argv[2] === 'linger') await new Promise(() => {});
clearInterval(alive);
watch.close();
process.exitCode = reason.exitCode;
