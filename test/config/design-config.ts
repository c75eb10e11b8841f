/** The config of the design page, as JSON gives it. */
export const designConfig = {
  timeZone: 'Europe/Copenhagen',
  holidays: { country: 'DK', dates: ['2026-12-24'] },
  services: {
    convert: {
      queue: { name: 'convert' },
      worker: { image: 'public.ecr.aws/x/y:1', cpu: 512, memoryMiB: 1024, concurrency: 4 },
      slo: { percent: 99, startWithinSeconds: 60 },
      tasks: { min: 0, max: 50 },
      priority: 'normal',
      policy: {
        type: 'max',
        of: [
          { type: 'slo' },
          {
            type: 'targetTracking',
            signals: [
              { signal: 'cpu', target: 60 },
              { signal: 'activeJobs', perTask: 10 },
            ],
            tolerance: 0.1,
          },
        ],
      },
      behavior: {
        scaleOut: {
          stabilizationSeconds: 60,
          cooldownSeconds: 0,
          select: 'max',
          policies: [
            { percent: 100, periodSeconds: 30 },
            { tasks: 5, periodSeconds: 30 },
          ],
        },
        scaleIn: { stabilizationSeconds: 300, cooldownSeconds: 0, policies: [{ percent: 50, periodSeconds: 60 }] },
      },
      schedule: [
        {
          name: 'business',
          days: 'weekdays',
          from: '08:00',
          to: '18:00',
          tasks: { min: 5, max: 5 },
          worker: { cpu: 1024, memoryMiB: 2048 },
        },
        { name: 'weekend', days: 'weekends', tasks: { min: 1, max: 1 }, worker: { cpu: 256, memoryMiB: 512 } },
        { name: 'off hours', tasks: { min: 2, max: 2 }, worker: { cpu: 512, memoryMiB: 1024 } },
      ],
    },
  },
  report: { at: 'mon 07:00', email: ['team@example.com'] },
} as const;
