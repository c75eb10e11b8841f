import { chartStyles } from '../charts/chart-styles.ts';

/** Colours were chosen for at least 4.5 : 1 (text) and 3 : 1 (marks) on the page's paper in both schemes. */
export const pageStyles = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1f24; --soft: #57606a; --line: #e3e6ea; --tint: #f5f7f9; --c1: #1f6feb; --c2: #0b3d91; --c3: #5f6b7a; --c4: #c4470b; --level: #a3133f; --good: #14683a; --bad: #a3133f; }
@media (prefers-color-scheme: dark) {
:root { --paper: #11151a; --ink: #e6e9ed; --soft: #a2abb5; --line: #2a313a; --tint: #181d24; --c1: #58a6ff; --c2: #bcd9ff; --c3: #94a1b2; --c4: #ff9456; --level: #ff8fa8; --good: #5fd08c; --bad: #ff8fa8; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main, header, footer { max-width: 70rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1.75rem; }
h1 { font-size: 1rem; font-weight: 600; color: var(--soft); margin: 0 0 .35rem; }
h2 { font-size: 1.375rem; line-height: 1.25; margin: 2.5rem 0 .25rem; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
p { margin: .4rem 0; max-width: 46rem; }
.headline { font-size: 1.375rem; line-height: 1.4; margin: 0 0 1rem; max-width: 54rem; }
.lead, .note, footer { color: var(--soft); }
.note, footer { font-size: .875rem; }
footer { padding-top: 2rem; padding-bottom: 3rem; }
.warning { border-left: 4px solid var(--bad); background: var(--tint); padding: .5rem .75rem; max-width: none; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: 1px; margin: 1rem 0 1.5rem; background: var(--line); border: 1px solid var(--line); }
.figures div { background: var(--paper); padding: .6rem .75rem; }
.figures dt { color: var(--soft); font-size: .8125rem; }
.figures dd { margin: 0; font-size: 1.25rem; font-variant-numeric: tabular-nums; line-height: 1.3; }
.figures dd small { display: block; font-size: .8125rem; color: var(--soft); }
.good { color: var(--good); } .bad { color: var(--bad); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 28rem), 1fr)); gap: 0 2rem; align-items: end; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 600; font-size: .8125rem; }
tbody th { font-weight: 600; }
.scroll { overflow-x: auto; }
.cost td, .cost th { padding-right: 1.25rem; }
.cost thead th { white-space: nowrap; }
.decisions td:nth-child(-n+2) { white-space: nowrap; width: 1%; }
.decisions .quiet td { color: var(--soft); }
.decisions .out td:nth-child(2), .decisions .in td:nth-child(2) { font-weight: 600; }
.settings th { width: 12rem; padding-right: 1rem; }
summary { cursor: pointer; }
details[open] summary { margin-bottom: .35rem; }
details p, details li { font-size: .875rem; color: var(--soft); }
details ol { margin: .35rem 0; padding-left: 1.4rem; }
details b { color: var(--ink); }
code { font-size: .85em; background: var(--tint); padding: .05rem .3rem; border-radius: 3px; }
@media (max-width: 30rem) { .headline { font-size: 1.125rem; } .settings th { width: 7rem; } th, td { padding-right: .5rem; } .decisions, .settings { font-size: .875rem; } }
@media print { details > * { display: block; } }
${chartStyles}
`.trim();
