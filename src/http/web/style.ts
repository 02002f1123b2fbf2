/** The style of all pages: light and dark as the reader has it, and colour only for what needs somebody. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; --paper: #ffffff; --link: #0550ae;
  --bad: #b31d28; --look: #7a4b00; --good: #116329;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6edf3; --soft: #9aa4af; --line: #30363d; --paper: #0d1117; --link: #79b8ff;
    --bad: #ff8e8e; --look: #e3b341; --good: #56d364;
  }
}
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header, main, footer { max-width: 82rem; margin: 0 auto; padding: 0.75rem 1rem; }
header { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; align-items: baseline; border-bottom: 1px solid var(--line); }
nav { display: flex; gap: 1rem; }
a { color: var(--link); } nav a[aria-current] { color: var(--ink); font-weight: 600; text-decoration: none; }
h1 { font-size: 1.4rem; margin: 0.5rem 0 1rem; } h2 { font-size: 1.05rem; margin: 1.5rem 0 0.4rem; }
.verdict { font-size: 1.4rem; font-weight: 600; margin: 0.75rem 0; }
.bad { color: var(--bad); } .look { color: var(--look); } .good { color: var(--good); }
.none, footer, .soft { color: var(--soft); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.75rem 0.35rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; white-space: nowrap; } td { overflow-wrap: break-word; } td:last-child { overflow-wrap: anywhere; min-width: 14rem; }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: 0.3rem 1rem; margin: 0; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
form { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; margin: 0 0 1rem; align-items: end; } label { display: grid; gap: 0.15rem; color: var(--soft); }
input, select, button { font: inherit; padding: 0.3rem 0.5rem; border: 1px solid var(--line); border-radius: 4px; background: var(--paper); color: var(--ink); }
footer { border-top: 1px solid var(--line); margin-top: 2rem; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dt { margin-top: 0.4rem; } }
@media print { nav, form, footer { display: none; } body { color: #000; background: #fff; } }
`;
