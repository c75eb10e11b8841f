import { describe, expect, it } from 'vitest';
import { type Chart, renderChart } from '../../../lib/report/charts/chart.ts';

const chart: Chart = {
  id: 'waits',
  title: 'Waits <&> "more"',
  description: 'The longest was 12 s.',
  xTicks: [0, 60],
  xMax: 60,
  xFormat: (x) => `${x} s`,
  yTicks: [0, 10, 20],
  yFormat: (y) => `${y} s`,
  series: [{ name: 'running & desired', kind: 'steps', colour: 1, points: [[0, 10]] }],
  level: { y: 10, label: 'objective <10 s' },
};

describe('a chart', () => {
  const html = renderChart(chart);

  it('says what it shows to those who cannot see it', () => {
    expect(html).toContain('role="img" aria-labelledby="waits-t waits-d"');
    expect(html).toContain('<desc id="waits-d">The longest was 12 s.</desc>');
  });
  it('lets no text become markup', () => {
    expect(html).toContain('Waits &lt;&amp;&gt; &quot;more&quot;');
    expect(html).toContain('running &amp; desired');
    expect(html).toContain('objective &lt;10 s');
  });
  it('labels every tick but the floor', () => {
    expect([...html.matchAll(/<text class="tick" x="0" [^>]*>([^<]*)</g)].map(([, text]) => text)).toEqual([
      '10 s',
      '20 s',
    ]);
  });
  it('draws the level where its value is', () => {
    const gridAtTen = html.match(/class="grid"[^>]*y1="([\d.]+)"/)?.[1];
    expect(html).toContain(`class="level" x1="0" x2="100%" y1="${gridAtTen}"`);
  });
});
