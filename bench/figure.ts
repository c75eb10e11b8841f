import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { burstRun } from './figure/burst-run.ts';
import { renderFigure } from './figure/render-figure.ts';

/**
 * The figure of docs/slo-policy.md, from a real run of the policy in the simulator. Equal code gives an equal figure.
 *
 *     node bin/run.js --script bench/figure.ts
 */
const file = fileURLToPath(new URL('../docs/figures/slo-burst.svg', import.meta.url));
const run = burstRun();
mkdirSync(new URL('../docs/figures/', import.meta.url), { recursive: true });
writeFileSync(file, renderFigure(run));
console.log(
  `${file}: ${run.jobs.length} jobs in ${run.seconds / 60} minutes; whole run ${run.attainedPercent.toFixed(2)} % in time at ${run.costOverWork.toFixed(2)} × the work`,
);
