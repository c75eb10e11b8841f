/**
 * Runs before a task's own code, which knows nothing of the host. It ends the process when the host is gone, reports
 * CPU and memory, and turns the message "stop" into SIGTERM's handlers where the system has no such signal.
 */
const reportUsage = (): void => {
  if (!process.connected) return;
  const { user, system } = process.cpuUsage();
  process.send?.({ usage: { cpuSeconds: (user + system) / 1e6, rssMiB: process.memoryUsage.rss() / 2 ** 20 } });
};

if (process.send) {
  // SIGKILL, not exit: handlers of the worker may wait for a cloud that is no longer there.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.on('message', (message) => {
    if (message !== 'stop') return;
    if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(143);
  });
  // Ctrl-C reaches the whole console on Windows, where a detached process would get a window of its own.
  if (process.platform === 'win32') process.on('SIGINT', () => {});
  process.on('exit', reportUsage);
  setInterval(reportUsage, 1000).unref();
  process.channel?.unref();
}
