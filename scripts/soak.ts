import { parseArgs } from 'node:util';
import { soak } from './soak/soak.ts';

// npm run soak -- --minutes 60: kills processes at random while jobs run, and accounts for every job. docs/jobs.md.
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '4' },
    kills: { type: 'string' },
    units: { type: 'string', default: '10000000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const minutes = Number(values.minutes);
// 1,000 an hour.
const kills = Number(values.kills ?? Math.round((minutes * 1000) / 60));
const units = Number(values.units);
const seed = Number(values.seed);
if (!(minutes > 0 && Number.isInteger(kills) && kills >= 0 && Number.isInteger(units) && Number.isInteger(seed))) {
  process.stderr.write('soak: --minutes is a number above 0, --kills, --units and --seed are whole numbers\n');
  process.exit(2);
}
const report = await soak({ minutes, kills, units, seed, say: (line) => process.stderr.write(`${line}\n`) });
process.stdout.write(`${JSON.stringify(report, null, values.json ? 0 : 2)}\n`);
process.exit(report.ok ? 0 : 1);
