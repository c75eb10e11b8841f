import { access, writeFile } from 'node:fs/promises';
import { parseConfig } from '../../config/parse-config.ts';
import { BadInput } from '../../model/bad-input.ts';
import type { BacktestDocument } from './run-backtest.ts';

/** @throws BadInput when there is such a file already. */
export const refuseToOverwrite = async (file: string): Promise<void> => {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere)
    throw new BadInput([
      {
        path: file,
        found: 'a file that is there already',
        expected: 'a new name',
        mend: 'Name another, or add --force.',
      },
    ]);
};

/**
 * The recommended config as a file: JSON, or TypeScript with a note of its origin.
 * @throws BadInput when the config would not be good: a task size that Fargate does not sell, for one.
 */
export const writeConfig = async (file: string, document: BacktestDocument): Promise<void> => {
  const parsed = parseConfig(document.config);
  if (!parsed.ok) throw new BadInput(parsed.issues);
  const json = JSON.stringify(document.config, null, 2);
  await writeFile(file, file.endsWith('.json') ? `${json}\n` : `${origin(document)}export default ${json};\n`);
};

const origin = ({ history, recommendation, trust }: BacktestDocument): string =>
  [
    `By "sluice backtest", from ${history.label}${history.from === undefined ? '' : `, ${history.from.slice(0, 10)} on`}: ${(history.seconds / 86_400).toFixed(1)} days.`,
    ...recommendation.because,
    `Trust in these figures: ${trust.grade}. Set mode to "act" when the shadow decisions convince you.`,
  ]
    .map((line) => `// ${line.replaceAll(/[\r\n]/g, ' ')}\n`)
    .join('');
