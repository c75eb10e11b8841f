import { get } from 'node:http';
import type { HealthCheck } from '../../simulate/cloud/alb/types.ts';

/** One health check of a target on this machine: a status code of the good ones, in time. Never rejects. */
export const checkHealth = (port: number, { path, timeoutSeconds, good }: HealthCheck): Promise<boolean> =>
  new Promise((resolve) => {
    const request = get(
      {
        host: '127.0.0.1',
        port,
        path,
        agent: false,
        headers: { 'user-agent': 'ELB-HealthChecker/2.0' },
        timeout: timeoutSeconds * 1000,
      },
      (response) => {
        response.resume();
        const status = response.statusCode ?? 0;
        resolve(good.some(([from, to]) => status >= from && status <= to));
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
    request.on('close', () => resolve(false));
  });
