/** The style of all pages: light and dark as the reader has it, and colour only for what needs somebody. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; --paper: #ffffff; --tint: #f6f8fa; --link: #0550ae;
  --bad: #b31d28; --look: #7a4b00; --good: #116329; --on: #57606a; --off: #c4ccd4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6edf3; --soft: #9aa4af; --line: #30363d; --paper: #0d1117; --tint: #161b22; --link: #79b8ff;
    --bad: #ff8e8e; --look: #e3b341; --good: #56d364; --on: #8b949e; --off: #3d444d;
  }
}
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header, main, footer { max-width: 84rem; margin: 0 auto; padding: 0.75rem 1rem; }
header { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; align-items: baseline; border-bottom: 1px solid var(--line); }
header form { margin: 0; } header form button { padding: 0.1rem 0.5rem; }
header #live { margin-left: auto; min-height: 1.45em; }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; }
a { color: var(--link); } nav a[aria-current] { color: var(--ink); font-weight: 600; text-decoration: none; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
h1 { font-size: 1.4rem; margin: 0.5rem 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 1.5rem 0 0.4rem; }
.verdict { font-size: 1.5rem; line-height: 1.3; margin: 0.75rem 0 1rem; }
.count { color: var(--soft); font-weight: 400; }
.bad, .error strong { color: var(--bad); } .look, .warning strong { color: var(--look); } .good { color: var(--good); }
.none, footer, .soft { color: var(--soft); } p { margin: 0.4rem 0; }
code, pre { font: 13px/1.5 ui-monospace, monospace; }
pre { background: var(--tint); border: 1px solid var(--line); border-radius: 4px; padding: 0.6rem 0.75rem; overflow-x: auto; margin: 0.4rem 0; max-height: 32rem; }
ins { color: var(--good); text-decoration: none; } del { color: var(--bad); text-decoration: none; }
summary { cursor: pointer; padding: 0.2rem 0; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.75rem 0.35rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; white-space: nowrap; } th a { color: inherit; }
th[aria-sort='ascending'] a::after { content: ' ↑'; } th[aria-sort='descending'] a::after { content: ' ↓'; }
td { overflow-wrap: break-word; } td:last-child { overflow-wrap: anywhere; min-width: 14rem; }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: 0.3rem 1rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
form { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; margin: 0 0 1rem; align-items: end; }
label { display: grid; gap: 0.15rem; color: var(--soft); }
input, select, button { font: inherit; padding: 0.3rem 0.5rem; border: 1px solid var(--line); border-radius: 4px; background: var(--paper); color: var(--ink); max-width: 100%; }
input::placeholder { color: var(--soft); } form input, form select { width: 11rem; }
button { cursor: pointer; background: var(--tint); }
.timeline { width: 100%; height: auto; font: 11px system-ui, sans-serif; } .timeline text { fill: var(--ink); }
.timeline line { stroke: var(--line); } .timeline rect { fill: var(--off); } .timeline rect.s-active { fill: var(--on); }
.timeline rect.s-active + text { fill: var(--paper); } .timeline rect.s-cancelled { fill: var(--line); } .timeline rect.s-unknown { fill: none; stroke: var(--line); }
.timeline rect.window { fill: var(--link); }
.timeline circle { fill: var(--on); } .timeline circle.failed { fill: var(--bad); }
footer { border-top: 1px solid var(--line); margin-top: 2rem; }
@media (max-width: 48rem) {
  dl { grid-template-columns: 1fr; gap: 0; } dt { margin-top: 0.5rem; }
  .scroll { overflow-x: visible; } thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, td { display: block; } tr { border-bottom: 1px solid var(--line); padding: 0.5rem 0; }
  td { display: grid; grid-template-columns: 6.5rem 1fr; border: 0; padding: 0.1rem 0; overflow-wrap: anywhere; }
  td::before { content: attr(data-name); color: var(--soft); } td:last-child { min-width: 0; }
  form label { flex: 1 1 9rem; } form input, form select { width: 100%; }
}
@media print {
  nav, form, button, header #live { display: none; } body { color: #000; background: #fff; font-size: 11px; }
  .scroll { overflow: visible; } a { color: inherit; text-decoration: none; }
}
`;
