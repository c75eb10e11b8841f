import { defineConfig } from '../../lib/config/define-config.ts';

const conversion = {
  type: 'object',
  properties: {
    url: { type: 'string', maxLength: 2000 },
    seconds: { type: 'number', minimum: 0, maximum: 600 },
    availableAt: { type: 'number' },
  },
  required: ['url'],
  additionalProperties: false,
} as const;

/** URL → MP3: one conversion at a time and task, 1 to 20 workers, at most 1,000 queued. */
export default defineConfig({
  stage: 'media-converter',
  // Submit, status, result: docs/job-api.md. The figures are the defaults, written out.
  api: {
    auth: 'key',
    limits: { client: { perSecond: 100, burst: 200 }, queuedJobs: 1000 },
    expiresAfter: '24h',
    types: { convert: { payload: conversion }, bulk: { payload: conversion } },
  },
  services: {
    convert: {
      // About 2 cores and 2 GB; Fargate sells 2 vCPU with 4 GiB at least.
      worker: { entry: 'examples/media-converter/worker.ts', cpu: 2048, memoryMiB: 4096, concurrency: 2 },
      queues: [
        { name: 'convert', slo: { percent: 95, startWithinSeconds: 60 } },
        // Whole archives: they fill what the others leave free.
        { name: 'bulk', slo: { percent: 95, startWithinSeconds: 900 } },
      ],
      tasks: { min: 1, max: 20 },
      policy: {
        type: 'max',
        of: [
          // What the HPA had.
          {
            type: 'targetTracking',
            signals: [
              { signal: 'cpu', target: 70 },
              { signal: 'memory', target: 80 },
            ],
            tolerance: 0.1,
          },
          // CPU > 80, memory > 85 or queue > 100 doubles; CPU < 30, memory < 40 and queue < 10 halves.
          { type: 'threshold', preset: 'controller' },
          { type: 'slo' },
        ],
      },
      behavior: {
        scaleOut: {
          stabilizationSeconds: 60,
          policies: [
            { percent: 100, periodSeconds: 60 },
            { tasks: 2, periodSeconds: 60 },
          ],
        },
        scaleIn: { stabilizationSeconds: 300, policies: [{ percent: 50, periodSeconds: 60 }] },
      },
    },
  },
});
