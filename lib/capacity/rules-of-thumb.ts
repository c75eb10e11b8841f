/** What teams of the five systems reckon with. Printed beside the simulated answer, never instead of it. */
export interface RuleOfThumb {
  readonly system: string;
  readonly figures: readonly (readonly [name: string, value: string])[];
}

export const rulesOfThumb: readonly RuleOfThumb[] = [
  {
    system: 'media-downloader',
    figures: [
      ['throughput', '100 files an hour and instance, × 1.3 safety'],
      ['instance', '1 core, 500 MB, USD 0.10 an hour'],
      ['connections', '20 to the database, 10 to Redis, each'],
      ['small', '1–3 instances, 100–300 an hour, < 100 ms'],
      ['medium', '3–10 instances, 300–1,000 an hour, < 150 ms'],
      ['large', '10–25 instances, 1,000–2,500 an hour, < 200 ms'],
      ['enterprise', '25–50 instances, 2,500–5,000 an hour, < 300 ms'],
    ],
  },
  {
    system: 'open-data-pipeline',
    figures: [
      ['replicas', '50 requests a second each, at least 2; peak × 3'],
      ['requests', '50 KB a response, cache hit 0.7; expansions 0.3 (+50 %), complex 0.1 (+100 %)'],
      ['compute', '1 CPU per 100 rps, at least 0.5; 10 MB per rps, at least 512, + 50 %'],
      ['cache', '100 MB per 1,000 objects, 4 GB a node'],
      ['database', '10 MB per 1,000 requests, 1 CPU per 100 rps, 2 GB per CPU, at least 10 GB'],
      ['USD a month', 'replica 50, cache GB 30, DB CPU 100, DB GB 0.5, transfer 0.09 per GB'],
      ['tiers', 'below 1,000, 1,000–10,000, above 10,000 requests a day → 2, 3, 5 replicas'],
    ],
  },
  {
    system: 'llm-governance',
    figures: [
      ['liveness', '30 s delay, every 10 s, 5 s timeout, 3 failures'],
      ['readiness', '5 s delay, every 5 s, 3 s timeout, 2 failures'],
      ['start-up', '30 × 10 s'],
      ['roll-out', 'surge 2, unavailable 1'],
    ],
  },
  {
    system: 'web-collector',
    figures: [
      ['roll-out', 'surge 25 %, unavailable 10 %'],
      ['start', '10 replicas'],
      ['price', 'USD 0.0464 per core-hour, 0.0058 per GB-hour'],
    ],
  },
  {
    system: 'media-converter',
    figures: [
      ['answers', 'create < 100 ms, status < 50 ms, health < 10 ms'],
      ['instance', 'about 2 GB and 2 cores'],
    ],
  },
];
