import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where workers find the ledger: their environment comes from the template, which does not know its port. */
export const ledgerFile = (region: string | undefined): string => join(tmpdir(), `sluice-soak-${region ?? ''}.url`);

/** Tells the world outside, which keeps count; it is never killed. */
export const tellLedger = async (kind: 'run' | 'effect', what: object): Promise<void> => {
  url ??= readFileSync(ledgerFile(new URL(process.env.AWS_ENDPOINT_URL_SQS ?? 'http://127.0.0.1').port), 'utf8');
  const answer = await fetch(`${url}/${kind}`, { method: 'POST', body: JSON.stringify(what) });
  if (!answer.ok) throw new Error(`the ledger answered ${answer.status}`);
  await answer.body?.cancel();
};
let url: string | undefined;
