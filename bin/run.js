#!/usr/bin/env node
// Plain JavaScript on purpose: it must parse on any Node, so that an old one gets a sentence instead of a stack trace.
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const fromSource = existsSync(`${root}bin/sluice.ts`);

const wanted = 24;
const found = Number(process.versions.node.split('.')[0]);
if (found < wanted) {
  const mend = fromSource
    ? `  Run it through npm ("npm start", "npm run sluice"): on Linux and Windows "npm ci" brings Node ${wanted} along.\n` +
      `  On a Mac, or after "npm ci --omit=optional", install Node ${wanted} yourself (nodejs.org, nvm, fnm or Homebrew).`
    : `  Install it (nodejs.org, nvm, fnm or Homebrew).`;
  console.error(`sluice: this is Node ${process.versions.node}; Node ${wanted} or newer is needed.\n${mend}`);
  process.exit(2);
}

const [first, script] = process.argv.slice(2);
if (first === '--script') {
  process.argv.splice(2, 2);
  await import(pathToFileURL(`${root}${script}`).href);
} else {
  await import(fromSource ? './sluice.ts' : './sluice.js');
}
