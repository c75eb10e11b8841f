import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

// The weekly report in a real browser: as wide as a desktop, as narrow as a phone, and on paper. Pictures are left beside
// it for people; exit code 1 when it overflows, asks the network for anything, or complains.
const { values } = parseArgs({
  options: {
    page: { type: 'string', default: join('out', 'weekly', 'report.html') },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});
const page = resolve(values.page);
const pictures = join(page, '..', 'pictures');
mkdirSync(pictures, { recursive: true });

const browser = await chromium.launch({ executablePath: values.chromium, args: ['--no-sandbox'] });
const complaints: string[] = [];
try {
  for (const [name, width, media] of [
    ['desktop', 1100, 'screen'],
    ['phone', 390, 'screen'],
    ['paper', 700, 'print'],
  ] as const) {
    const tab = await browser.newPage({ viewport: { width, height: 900 } });
    tab.on('request', (request) => {
      if (request.url() !== pathToFileURL(page).href) complaints.push(`${name}: asks for ${request.url()}`);
    });
    tab.on('console', (message) => complaints.push(`${name}: ${message.text()}`));
    tab.on('pageerror', (error) => complaints.push(`${name}: ${error.message}`));
    await tab.emulateMedia({ media });
    await tab.goto(pathToFileURL(page).href);
    const seen = await tab.locator('html').evaluate((html) => html.scrollWidth);
    if (seen > width) complaints.push(`${name}: ${seen} pixels wide in a window of ${width}`);
    await tab.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
    if (media === 'print') await tab.pdf({ path: join(pictures, 'paper.pdf'), format: 'A4' });
    await tab.close();
  }
} finally {
  await browser.close();
}
console.log(`Pictures: ${pictures}`);
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length === 0 ? 0 : 1;
