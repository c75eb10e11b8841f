/** What this page needs beside the styles of every page. */
export const simulationStyles = `
.policies th small { display: block; font-weight: 400; color: var(--soft); font-size: .8125rem; max-width: 22rem; }
.policies td { white-space: nowrap; }
.policies th, .policies td { padding-right: 1rem; }
h3 span { font-weight: 400; font-size: .9375rem; margin-left: .35rem; }
.scatter { overflow-x: auto; }
.scatter > svg { min-width: 40rem; }
.scatter circle { stroke: var(--paper); stroke-width: 1.5; }
.scatter .kept { fill: var(--good); }
.scatter .missed { fill: var(--bad); }
.scatter .bound { stroke: var(--c3); stroke-width: 1.5; stroke-dasharray: 2 4; }
.scatter text.name { fill: var(--ink); font-size: 13px; }
`.trim();
