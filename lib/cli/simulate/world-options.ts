import type { Command } from 'commander';

/** Promise, worker, bounds, world and price: the same for everything that plays policies. */
export const worldOptions = (command: Command): Command =>
  command
    .option('--slo-seconds <s>', 'a job keeps the promise when it starts within so many seconds', '60')
    .option('--slo-percent <p>', 'the share of jobs that must', '99')
    .option('--service-cv <x>', 'standard deviation ÷ mean of the run time, lognormal', '1')
    .option('--start-seconds <s>', 'median start delay of a task (default 35; 60 in the stress world)')
    .option('--start-p95 <s>', 'its 95th percentile (default 2.14 × the median; 120 in the stress world)')
    .option('--min <n>', 'fewest tasks', '0')
    .option('--max <n>', 'most tasks', '1000')
    .option('--tick <s>', 'how often the policies decide that may choose', '10')
    .option('--seed <n>', 'equal seeds give equal runs', '1')
    .option('--world <name>', 'ideal, realistic or stress: how late and how wrong counters are', 'realistic')
    .option('--no-protect', 'busy tasks may be stopped: SIGTERM, then SIGKILL after the stop timeout')
    .option('--stop-timeout <s>', 'seconds between the two', '120')
    .option('--visibility <s>', 'a killed job comes back after so many seconds', '60')
    .option('--vcpu <n>', 'vCPU of a task, for the price', '1')
    .option('--gb <n>', 'GiB of a task, for the price', '2')
    .option('--arch <name>', 'x86 or arm64, for the price', 'x86');
