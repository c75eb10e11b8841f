import type { LocalCloud } from '../../local/local-cloud.ts';
import { duration } from '../../report/run/format.ts';
import type { RunSettings } from '../../report/run/run-record.ts';
import { planSentence, runRows } from '../../report/run/settings-table.ts';
import { startP95Factor } from './open-cloud.ts';
import type { StartRequest } from './request.ts';

export const settingsOf = (request: StartRequest): RunSettings => ({
  title: request.title,
  minutes: request.minutes,
  seed: request.seed,
  startSeconds: request.startSeconds,
  startP95Seconds: request.startSeconds * startP95Factor,
  ...(request.trace === undefined ? {} : { trace: request.trace.file }),
  killOneAt: request.killOneAt,
});

/** What is known before anything is built. */
export const openingLines = (request: StartRequest): readonly string[] => [
  `Sluice · ${request.title}: real jobs in real time on this machine, about ${duration(request.minutes * 60)}.`,
  ...runRows(settingsOf(request)).map(([name, value]) => `  ${name}: ${value}`),
];

/** What the template says of its services. */
export const serviceLines = (cloud: LocalCloud): readonly string[] => [
  ...cloud.services.map(({ name, plan }) => `  ${name}: ${planSentence(plan)}`),
  ...cloud.ignored.map((what) => `  without effect here: ${what}`),
  ...(cloud.invented.length === 0 ? [] : [`  made up here, as only AWS knows them: ${cloud.invented.join(', ')}`]),
];
