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
  'Building the cloud from the synthesised template …',
];

/** What the template says of its services, and what of it does nothing on this machine. */
export const serviceLines = (cloud: Pick<LocalCloud, 'services' | 'ignored' | 'invented'>): readonly string[] => [
  ...cloud.services.map(({ name, plan }) => `  ${name}: ${planSentence(plan)}`),
  ...ignoredLine(cloud.ignored),
  ...(cloud.invented.length === 0 ? [] : [`  made up here, as only AWS knows it: ${cloud.invented.join(', ')}`]),
];

/** Dozens of roles and routes, told by their kind: `Stack.Id (AWS::IAM::Role)` → IAM Role. */
const ignoredLine = (ignored: readonly string[]): readonly string[] => {
  if (ignored.length === 0) return [];
  const kinds = ignored.map((what) => /\(AWS::(\w+)::\w+\)$/.exec(what)?.[1] ?? what.replace(/^.*: /, ''));
  const byKind = [...Map.groupBy(kinds, (kind) => kind)].map(([kind, all]) => `${kind} (${all.length})`);
  return [`  in the template, without effect here: ${byKind.join(', ')}`];
};
