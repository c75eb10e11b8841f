import { parseArgs } from 'node:util';
import { benchDecide } from './decide.ts';
import { benchReport } from './report.ts';
import { benchReportLambda } from './report-lambda.ts';
import { benchSimulator } from './simulator.ts';
import { ablation, ablationText } from './study/ablation.ts';
import { ablationRegimes, casesOf, fullRegimes, shortRegimes } from './study/cases.ts';
import { frontier, frontierText } from './study/frontier.ts';
import { shortTraces, studyTraces, tracesFolder } from './study/traces.ts';
import { benchSynth } from './synth.ts';

/**
 *     npm run bench                  speed of decide, simulator and synthesis, frontier and ablation on the short grid: some minutes on two cores
 *     npm run bench -- --full        all traces and regimes, seven days each: an hour or so
 *     npm run bench -- --speed       speed alone, as CI has it
 *     npm run bench -- --frontier | --ablation | --json | --threads 2
 */
const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    speed: { type: 'boolean', default: false },
    frontier: { type: 'boolean', default: false },
    ablation: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    threads: { type: 'string', default: '2' },
  },
});
const everything = !(values.speed || values.frontier || values.ablation);
const threads = Math.max(1, Math.floor(Number(values.threads)) || 1);
const days = values.full ? 7 : 3;
const folder = tracesFolder();
const all = studyTraces(days, folder);
const traces = values.full ? all : all.slice(0, shortTraces);
const cases = casesOf(traces, values.full ? fullRegimes : shortRegimes);
const ablationCases = casesOf(traces, values.full ? fullRegimes : ablationRegimes);
const started = performance.now();
const tell = (text: string): void => void process.stderr.write(`${text}\n`);
const minutes = (): string => `${((performance.now() - started) / 60_000).toFixed(1)} min`;

const speed =
  everything || values.speed
    ? {
        decide: benchDecide(),
        simulator: benchSimulator(),
        report: benchReport(),
        reportLambda: await benchReportLambda(),
        synth: await benchSynth(),
      }
    : undefined;
if (everything || values.frontier || values.ablation)
  tell(
    `${cases.length} cases (${ablationCases.length} for the ablation), ${days} days each, ${threads} threads, realistic world. ${
      folder === undefined
        ? 'No recorded traces lie beside this clone, so these are made-up ones: figures differ from those of docs/slo-policy.md. SLUICE_TRACES names a folder with them.'
        : `Traces of ${folder}.`
    }`,
  );
const frontierRows = everything || values.frontier ? await frontier(cases, threads) : undefined;
if (frontierRows !== undefined) tell(`frontier done after ${minutes()}`);
const ablationRows =
  everything || values.ablation
    ? await ablation(ablationCases, threads, (idea) => tell(`without ${idea} (${minutes()})`))
    : undefined;

if (values.json)
  console.log(
    JSON.stringify({
      traces: folder === undefined ? 'made up' : 'recorded',
      days,
      ...(speed && { speed }),
      ...(frontierRows && { frontier: frontierRows }),
      ...(ablationRows && { ablation: ablationRows }),
    }),
  );
else {
  if (speed !== undefined) {
    console.log(
      'decide per service and the schedule of an instant, one core (µs); the last column is against a bare JSON round trip of the same observation (of the settings)',
    );
    console.log('config          median     p95   × JSON');
    for (const { name, medianMicros, p95Micros, timesJson } of speed.decide)
      console.log(
        [
          name.padEnd(14),
          medianMicros.toFixed(1).padStart(7),
          p95Micros.toFixed(1).padStart(7),
          timesJson.toFixed(1).padStart(8),
        ].join(' '),
      );
    console.log('\nsimulator, 14 days of one-minute arrivals, decisions each 10 s (keda 15 s), one core');
    console.log('policy   million jobs    CPU s  goal  million jobs/s');
    for (const { policy, jobs, cpuSeconds, goalSeconds } of speed.simulator)
      console.log(
        [
          policy.padEnd(8),
          (jobs / 1e6).toFixed(2).padStart(12),
          cpuSeconds.toFixed(2).padStart(8),
          String(goalSeconds).padStart(5),
          (jobs / 1e6 / cpuSeconds).toFixed(1).padStart(15),
        ].join(' '),
      );
    console.log(
      '\nsynthesis of the CDK app with the published package; goals: 1 service 2 ×, 100 services 10 × an empty stack',
    );
    console.log('app             CPU s  × empty');
    for (const { name, cpuSeconds, timesEmpty } of speed.synth)
      console.log([name.padEnd(14), cpuSeconds.toFixed(2).padStart(6), timesEmpty.toFixed(1).padStart(8)].join(' '));
    console.log('\nweekly report with its replays, one core');
    console.log('services  weeks  CPU s  goal  peak MiB  goal');
    for (const { services, weeks, cpuSeconds, goalSeconds, peakMiB, goalMiB } of speed.report)
      console.log(
        [
          String(services).padStart(8),
          String(weeks).padStart(6),
          cpuSeconds.toFixed(1).padStart(6),
          String(goalSeconds).padStart(5),
          peakMiB.toFixed(0).padStart(9),
          String(goalMiB).padStart(5),
        ].join(' '),
      );
    const { services, weeks, cpuSeconds, goalSeconds, peakMiB, goalMiB, wallSeconds } = speed.reportLambda;
    const alone = speed.report[0]?.cpuSeconds ?? Number.NaN;
    console.log(
      `\nthe bundled report function, one cold start on a made-up account over HTTP, heap as in a Lambda of 512 MiB:\n${services} services, ${weeks} weeks: ${cpuSeconds.toFixed(1)} s of CPU (goal ${goalSeconds}; ${(cpuSeconds / alone).toFixed(1)} × the report alone), ${peakMiB.toFixed(0)} MiB (goal ${goalMiB}), ${wallSeconds.toFixed(1)} s`,
    );
  }
  if (frontierRows !== undefined)
    console.log(`\nFrontier ("!": less than 99 % in time)\n\n${frontierText(frontierRows)}`);
  if (ablationRows !== undefined)
    console.log(`\nAblation: what each idea of slo is worth, taken out one at a time\n\n${ablationText(ablationRows)}`);
}
