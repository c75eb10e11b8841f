import type { Command } from 'commander';
import { BadInput } from '../model/bad-input.ts';
import type { ServicePlan } from '../model/plan.ts';
import { createSession } from './decide/session.ts';

export const define = (command: Command): void => {
  command
    .description(
      'A filter: observations in, desired counts out, one JSON document a line. The protocol is in docs/decide.md.',
    )
    .option('--config <file>', 'take objective, bounds, policy, behaviour, schedule and limits from this config')
    .option('--service <name>', 'the service of the config; without it, init and tick carry all services')
    .option('--explain', 'add the chain of reasons to each answer')
    .option('--json', 'accepted for uniformity: the answers are JSON lines anyway')
    .action(async (options: { config?: string; service?: string; explain?: boolean }) => {
      const plans = options.config === undefined ? undefined : await plansOf(options.config, options.service);
      const session = createSession({
        ...(plans && { plans }),
        ...(options.service !== undefined && { service: options.service }),
        explain: options.explain === true,
      });
      await filterLines(session.answer);
    });
};

const plansOf = async (file: string, service: string | undefined): Promise<readonly ServicePlan[]> => {
  // The configuration's schema is a heavy import, and most judges run without a config.
  const { loadConfig } = await import('../config/load.ts');
  const { plans } = await loadConfig(file, { signalsGiven: true });
  if (service === undefined) return plans;
  const chosen = plans.filter((plan) => plan.service === service);
  if (chosen.length === 0)
    throw new BadInput([
      {
        path: '--service',
        found: `"${service}"`,
        expected: `a service of ${file}: ${plans.map((plan) => plan.service).join(', ')}`,
        mend: 'Name one of them, or leave --service out to decide for all of them.',
      },
    ]);
  return chosen;
};

/** Feeds stdin to `answer` line by line and writes what it returns. Ends at the end of input, or when it says so. */
const filterLines = async (answer: (line: string) => string | undefined | null): Promise<void> => {
  process.stdin.setEncoding('utf8');
  process.stdout.on('error', () => process.exit(0));
  let rest = '';
  const feed = (text: string): boolean => {
    const lines = text.split('\n');
    rest = lines.pop() ?? '';
    let out = '';
    let ended = false;
    for (const line of lines) {
      const reply = answer(line);
      if (reply === null) {
        ended = true;
        break;
      }
      if (reply !== undefined) out += `${reply}\n`;
    }
    if (out !== '') process.stdout.write(out);
    return ended;
  };
  for await (const chunk of process.stdin) {
    if (feed(rest + chunk)) {
      process.stdin.destroy();
      return;
    }
  }
  if (rest.trim() !== '') feed(`${rest}\n`);
};
