import { benchDecide } from './decide.ts';

const results = benchDecide();
console.log(
  'decide per service, one core (µs); the last column is against a bare JSON round trip of the same observation',
);
console.log('config          median     p95   × JSON');
for (const { name, medianMicros, p95Micros, timesJson } of results)
  console.log(
    [
      name.padEnd(14),
      medianMicros.toFixed(1).padStart(7),
      p95Micros.toFixed(1).padStart(7),
      timesJson.toFixed(1).padStart(8),
    ].join(' '),
  );
