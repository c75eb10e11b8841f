import { describe, expect, it } from 'vitest';
import { drawJobs, traceServiceSeconds } from '../../lib/simulate/simulated-jobs.ts';
import { parseTrace } from '../../lib/simulate/trace-file.ts';

/** Goal: the jobs are the trace's, in number, time and length. Method: large draws against the rates they were drawn from. */
const draw = (text: string, change: Partial<Parameters<typeof drawJobs>[0]> = {}) =>
  drawJobs({ buckets: parseTrace(text, 'a.csv'), seed: 1, scale: 1, serviceCv: 1, ...change });
const within = (jobs: ReturnType<typeof drawJobs>, from: number, to: number) =>
  jobs.arrivalSeconds.filter((at) => at >= from && at < to).length;
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;

describe('drawn jobs', () => {
  it('follow the counts of the buckets, scaled, in order', () => {
    const jobs = draw('second,jobs\n0,4000\n60,0\n120,8000', { scale: 2, meanServiceSeconds: 5 });
    expect(within(jobs, 0, 60) / 8000).toBeCloseTo(1, 1);
    expect(within(jobs, 60, 120)).toBe(0);
    expect(within(jobs, 120, 180) / 16_000).toBeCloseTo(1, 1);
    expect(jobs.endSeconds).toBe(180);
    expect([...jobs.arrivalSeconds]).toEqual([...jobs.arrivalSeconds].sort((a, b) => a - b));
  });

  it('missing rows are silence', () => {
    const jobs = draw('second,jobs\n0,500\n60,500\n120,500\n900,500\n960,500', { meanServiceSeconds: 5 });
    expect(within(jobs, 180, 900)).toBe(0);
    expect(within(jobs, 120, 180)).toBeGreaterThan(400);
  });

  it('are as long as the trace says, brought to the wanted mean', () => {
    const text = 'second,jobs,mean_service_s\n0,9000,2\n60,9000,6\n120,9000,';
    expect(traceServiceSeconds(parseTrace(text, 'a.csv'))).toBe(4);
    const jobs = draw(text, { meanServiceSeconds: 40, serviceCv: 0.5 });
    const service = (from: number) =>
      mean(jobs.serviceSeconds.filter((_, i) => Math.floor((jobs.arrivalSeconds[i] as number) / 60) === from / 60));
    expect(service(0) / 20).toBeCloseTo(1, 1);
    expect(service(60) / 60).toBeCloseTo(1, 1);
    expect(service(120) / 40).toBeCloseTo(1, 1);
    expect(jobs.workSeconds).toBeCloseTo(mean(jobs.serviceSeconds) * jobs.count, 0);
  });

  it('spread as asked, and not at all with a coefficient of 0', () => {
    const jobs = draw('second,jobs\n0,40000\n60,1', { meanServiceSeconds: 5, serviceCv: 1.5 });
    const average = mean(jobs.serviceSeconds);
    const deviation = Math.sqrt(mean(jobs.serviceSeconds.map((x) => (x - average) ** 2)));
    expect(deviation / average / 1.5).toBeCloseTo(1, 0);
    const even = draw('second,jobs\n0,100\n60,1', { meanServiceSeconds: 5, serviceCv: 0 });
    expect(new Set(even.serviceSeconds)).toEqual(new Set([5]));
  });

  it('are the same for the same seed only; another length leaves the arrivals alone', () => {
    const text = 'second,jobs\n0,100\n60,50';
    expect(draw(text, { meanServiceSeconds: 5 })).toEqual(draw(text, { meanServiceSeconds: 5 }));
    expect(draw(text, { meanServiceSeconds: 5, seed: 2 })).not.toEqual(draw(text, { meanServiceSeconds: 5 }));
    expect(draw(text, { meanServiceSeconds: 9 }).arrivalSeconds).toEqual(
      draw(text, { meanServiceSeconds: 5 }).arrivalSeconds,
    );
  });
});
