/** Fewest tasks for which at least `percent` of jobs that come at random start within `within`: one slot a task. */
export const tasksFor = (jobs: number, seconds: number, percent: number, within: number): number => {
  if (jobs <= 0) return 0;
  const offered = (jobs * seconds) / 3600;
  for (let tasks = Math.max(1, Math.floor(offered) + (offered === Math.floor(offered) ? 1 : 0)); ; tasks++) {
    if (tasks < offered) continue;
    if (tasks > offered && shareLate(tasks, offered, seconds, within) <= 1 - percent / 100) return tasks;
  }
};

/** Share of jobs that wait longer than `within` in M/M/c, from the sum of the state probabilities in logarithms. */
export const shareLate = (tasks: number, offered: number, seconds: number, within: number): number => {
  let log = 0;
  const logs: number[] = [0];
  for (let k = 1; k < tasks; k++) {
    log += Math.log(offered / k);
    logs.push(log);
  }
  const tail = log + Math.log(offered / tasks) - Math.log(1 - offered / tasks);
  const top = Math.max(tail, ...logs);
  const total = logs.reduce((sum, value) => sum + Math.exp(value - top), Math.exp(tail - top));
  const waits = Math.exp(tail - top) / total;
  return waits * Math.exp((-(tasks - offered) * within) / seconds);
};
