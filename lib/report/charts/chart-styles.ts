/** CSS that charts need. Uses the page's `--ink`, `--soft`, `--line`, `--paper` and `--c1` to `--c4`, `--level`. */
export const chartStyles = `
.chart { margin: 0 0 1.5rem; }
.chart figcaption { display: flex; flex-wrap: wrap; gap: .1rem 1rem; align-items: baseline; margin-bottom: .15rem; }
.chart .key { color: var(--soft); font-size: .8125rem; white-space: nowrap; }
.chart .swatch { margin-right: .35rem; vertical-align: -1px; }
.chart svg { display: block; overflow: visible; }
.chart .swatch { display: inline-block; }
.chart .grid { stroke: var(--line); }
.chart .axis { stroke: var(--soft); }
.chart .level { stroke: var(--level); stroke-width: 1.5; stroke-dasharray: 6 4; }
.chart text { font: 12px/1 system-ui, sans-serif; fill: var(--soft); paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
.chart text.level-label { fill: var(--level); }
.chart path { vector-effect: non-scaling-stroke; }
.chart .steps, .chart .line { fill: none; stroke-width: 1.75; stroke-linejoin: round; }
.chart .area { fill-opacity: .35; stroke-width: 1; stroke-opacity: .9; }
.chart .dots { fill: none; stroke-width: 4.5; stroke-linecap: round; stroke-opacity: .6; }
${[1, 2, 3, 4].map((n) => `.chart .c${n} { stroke: var(--c${n}); }\n.chart .area.c${n} { fill: var(--c${n}); }`).join('\n')}
`.trim();
