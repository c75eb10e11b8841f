import { defineConfig } from '../../lib/config/define-config.ts';

/**
 * Audio downloads: about 100 files an hour and instance, I/O bound. 10,000 an hour would need 130 tasks (with the
 * safety of 1.3); the connections end it at 20. `validate` says so, and `plan` counts it.
 */
export default defineConfig({
  stage: 'media-downloader',
  limits: {
    // 500 connections; 1,000 through a pooler, then 50 tasks are possible and redis binds.
    database: { total: 500 },
    redis: { total: 200 },
  },
  services: {
    download: {
      // 1 core and 500 MB; Fargate sells a vCPU with 2 GiB at least.
      worker: { entry: 'examples/media-downloader/worker.ts', cpu: 1024, memoryMiB: 2048, concurrency: 10 },
      slo: { percent: 95, startWithinSeconds: 300 },
      tasks: { min: 5, max: 50 },
      uses: { database: 20, redis: 10 },
      policy: {
        type: 'max',
        of: [
          // What the HPA had; test/import/fixtures/presets/media-downloader.yaml imports to this.
          {
            type: 'targetTracking',
            signals: [
              { signal: 'cpu', target: 70 },
              { signal: 'memory', target: 80 },
              { signal: 'activeJobs', perTask: 10 },
            ],
            tolerance: 0.1,
          },
          // > 100 waiting ×2, > 50 ×1.5, < 10 and fewer than 5 active ×0.5.
          { type: 'queueFactor' },
          { type: 'predictive', horizonMinutes: 15, minConfidence: 0.7, mode: 'step' },
        ],
      },
      behavior: {
        scaleOut: {
          stabilizationSeconds: 60,
          policies: [
            { percent: 100, periodSeconds: 60 },
            { tasks: 5, periodSeconds: 60 },
          ],
        },
        scaleIn: { stabilizationSeconds: 300, policies: [{ percent: 50, periodSeconds: 60 }] },
      },
    },
  },
});
