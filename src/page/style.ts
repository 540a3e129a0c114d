// The page's only stylesheet. Every colour is defined twice, for light and dark; texts have a contrast of at least 4.5
// to 1 with what is behind them, and what tells verdicts apart is a pattern (kinds.ts) before it is a colour.

const COLOURS = `
:root{color-scheme:light dark;
--page:#f7f7f4;--card:#fff;--ink:#1b2126;--soft:#545d66;--line:#dcdcd5;--track:#e6e6e0;--code:#f4f4f0;
--accent:#0a6a5c;--bar:#2a8c7c;--good:#1f6f4a;--bad:#a8321f;--warn:#835400;
--pass:#3a9d8c;--fail-a:#fbe0d1;--fail-b:#c4481b;--error-a:#efe2f8;--error-b:#7c3fa9;--timeout-a:#f8edc4;--timeout-b:#8d6b00;
--memory-a:#dde8f8;--memory-b:#2c5ea8;--output-a:#e4f0d4;--output-b:#4d7312;--crash-a:#e5e5e5;--crash-b:#3a3a3a;
--tampered-a:#f6d3dc;--tampered-b:#9c1040;--invalid-a:#ebebe6;--invalid-b:#6b6b62;--empty:#c9c9c1}
@media(prefers-color-scheme:dark){:root{
--page:#14181b;--card:#1b2024;--ink:#e6e9eb;--soft:#a7b0b8;--line:#30373d;--track:#2d343a;--code:#15191c;
--accent:#5fd0bd;--bar:#3fae9c;--good:#74cf9d;--bad:#f08c78;--warn:#e3b34d;
--pass:#2f8f80;--fail-a:#43231a;--fail-b:#f0804f;--error-a:#34224a;--error-b:#c294ec;--timeout-a:#3b3212;--timeout-b:#d9b541;
--memory-a:#1d2d47;--memory-b:#7aabf0;--output-a:#27361a;--output-b:#9cc95c;--crash-a:#333;--crash-b:#d5d5d5;
--tampered-a:#451828;--tampered-b:#f27a9c;--invalid-a:#2b2e30;--invalid-b:#9aa0a4;--empty:#444b51}}`;

const PAGE = `
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
header,main{max-width:1120px;margin:0 auto;padding:0 24px}
header{padding-top:36px;padding-bottom:4px}header p{margin:2px 0 0;color:var(--soft)}main{padding-bottom:64px}
h1{font-size:28px;line-height:1.2;margin:0;letter-spacing:-.015em}
h2{font-size:19px;margin:40px 0 12px;letter-spacing:-.01em}h3{font-size:15px;margin:26px 0 6px}h4{font-size:14px;margin:16px 0 4px}
p{margin:6px 0;max-width:78ch}a{color:var(--accent)}code,pre{font:13px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-999px}.skip:focus{left:16px;top:8px;background:var(--card);padding:6px 10px;z-index:1}
.patterns{position:absolute}.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.hint,.left-out{color:var(--soft);font-size:14px}.left-out{border-left:3px solid var(--line);padding-left:10px}
.figures{display:flex;flex-wrap:wrap;gap:1px;margin:0;background:var(--line);border:1px solid var(--line);border-radius:10px;overflow:hidden}
.figures div{flex:1 1 156px;background:var(--card);padding:12px 16px}.figures dt{color:var(--soft);font-size:13px}
.figures dd{margin:0;font-size:23px;line-height:1.25;font-weight:600;letter-spacing:-.01em}
.figures small{display:block;font-size:12.5px;line-height:1.35;font-weight:400;letter-spacing:0;color:var(--soft)}
.charts{columns:3 300px;column-gap:16px;margin-top:16px}
.chart{margin:0 0 16px;break-inside:avoid;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px 16px}
.chart figcaption{font-weight:600;font-size:14px;margin-bottom:6px}
.chart .keys{font-weight:400;color:var(--soft);display:block}
.chart>svg{display:block;width:100%;max-width:400px;height:auto;font:12px system-ui,sans-serif;color:var(--ink);overflow:visible}
.two{columns:2 420px}.two .chart>svg{max-width:500px}.charts+.scroll,.scroll+.figures,.figures+.hint,.figures+.scroll{margin-top:14px}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:2px 32px;margin:0}
.facts div{display:flex;gap:12px;border-bottom:1px solid var(--line);padding:4px 0}.facts dt{flex:0 0 112px;color:var(--soft)}.facts dd{margin:0;min-width:0;overflow-wrap:anywhere}
.least{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:4px 22px}.least li{color:var(--soft)}`;

const PROBLEMS = `
.problem{background:var(--card);border:1px solid var(--line);border-radius:8px;margin:6px 0;content-visibility:auto;contain-intrinsic-size:auto 46px}
summary{cursor:pointer}
.problem>summary,.bare{list-style:none;display:grid;grid-template-columns:14px minmax(130px,1.3fr) minmax(110px,1fr) 140px 110px minmax(60px,1fr);gap:4px 12px;align-items:center;padding:9px 14px}
.problem>summary::-webkit-details-marker{display:none}
.problem>summary::before{content:"";width:7px;height:7px;border:solid var(--soft);border-width:0 2px 2px 0;transform:rotate(-45deg)}
.problem[open]>summary::before{transform:rotate(45deg)}.bare::before{content:""}
.problem>summary:hover .name{text-decoration:underline}.problem[open]>summary{border-bottom:1px solid var(--line)}
.name{font-weight:600;overflow-wrap:anywhere}.winner,.passed{color:var(--soft)}.confidence{white-space:nowrap}
.chips{display:flex;gap:6px;flex-wrap:wrap;justify-content:flex-end}
.chip{font-size:12.5px;line-height:1.4;padding:0 8px;border:1px solid currentColor;border-radius:99px;color:var(--soft);white-space:nowrap}
.good.chip{color:var(--good)}.bad.chip{color:var(--bad)}.warn.chip{color:var(--warn)}
.body{padding:0 18px 18px 40px;scroll-margin-top:84px}
.why{font-size:16px}.scroll{overflow-x:auto;max-width:100%}
pre{background:var(--code);border:1px solid var(--line);border-radius:6px;padding:10px 12px;margin:6px 0;overflow:auto;max-height:420px;tab-size:4;contain:paint}
details.text{margin:6px 0}details.text summary{width:fit-content;color:var(--accent)}
.ids{display:flex;flex-wrap:wrap;gap:4px}.id{border:1px solid var(--line);border-radius:5px;padding:0 6px;font-size:13px}
.dropped{padding-left:18px;margin:6px 0}.dropped code{color:var(--soft)}
table{border-collapse:collapse;font-size:14px;min-width:560px}th{font-weight:600;color:var(--soft)}
th,td{text-align:left;vertical-align:top;padding:5px 18px 5px 0;border-bottom:1px solid var(--line)}.ranking td:nth-child(4){min-width:200px;max-width:380px}
.number{text-align:right;white-space:nowrap}tbody th{color:var(--ink);font-weight:400}.figures-table tbody th{white-space:nowrap}table small{color:var(--soft);display:block}.figures-table{min-width:0}details.text table{margin-top:6px}.kinds span{white-space:nowrap;margin-right:10px}
.legend,.key{list-style:none;display:flex;flex-wrap:wrap;gap:3px 20px;margin:8px 0;padding:0;font-size:14px}.count{color:var(--soft)}
.swatch{vertical-align:-2px}`;

const PICTURES = `
.map{display:block;font:12px system-ui,sans-serif}.map text,.chart text{fill:var(--ink)}
.side{text-anchor:end}.map .side,.map .votes{fill:var(--soft)}.map .letter{font-weight:700}.best .side{fill:var(--accent);font-weight:700}
.rule{stroke:var(--line);stroke-width:1.5;fill:none}.grid{stroke:var(--card);stroke-width:1;fill:none;shape-rendering:crispEdges}
.share{fill:var(--soft);opacity:.55}.hit{fill:transparent}g:hover>.hit{fill:var(--ink);opacity:.09}
.track{fill:var(--track)}.bar{fill:var(--bar)}.cell{shape-rendering:crispEdges}.swatch .cell{stroke:var(--line)}
.stroke{fill:none;stroke-width:1.4}.mark rect{stroke:none}
.plain rect{fill:var(--bar)}.faint rect{fill:var(--soft);opacity:.6}.good rect{fill:var(--pass)}.bad rect{fill:url(#k-fail)}
.chart .k-pass rect,.k-pass{fill:var(--pass)}.chart .k-not-run rect,.k-not-run{fill:var(--card);stroke:var(--empty)}
${['fail', 'error', 'timeout', 'memory', 'output', 'crash', 'tampered', 'invalid']
  .map(
    (kind) =>
      `.chart .k-${kind} rect,.k-${kind}{fill:url(#k-${kind})}.k-${kind}-ground{fill:var(--${kind}-a)}.k-${kind}-stroke{stroke:var(--${kind}-b)}`,
  )
  .join('\n')}
.curve path{stroke:var(--bar)}.points circle{fill:var(--card);stroke:var(--bar);stroke-width:2.5}.range path{fill:var(--bar);opacity:.2}.reference line{stroke:var(--soft)}
.series{white-space:nowrap;margin-right:10px}.series .sign{vertical-align:-2px}.diagonal path,.interval path{stroke:var(--soft)}.interval path{stroke:var(--bar)}
${['bar', 'fail-b', 'memory-b', 'error-b', 'timeout-b']
  .map(
    (colour, at) =>
      `.line.s${at} path{stroke:var(--${colour})}.band.s${at} path{fill:var(--${colour});opacity:.13}svg.sign.s${at} path,.sign.s${at} circle,.sign.s${at} path{fill:var(--${colour});stroke:var(--card);stroke-width:1}`,
  )
  .join('\n')}`;

const SMALL = `
@media(max-width:760px){header,main{padding-left:14px;padding-right:14px}
.problem>summary,.bare{grid-template-columns:14px 1fr auto}.winner,.passed,.chips{grid-column:2}.passed{grid-column:3;text-align:right}.chips{justify-content:flex-start;grid-column:2/4}.chips:empty{display:none}
.name{grid-column:2}.confidence{grid-column:3}.body{padding:0 14px 14px}.chart{padding:12px}h1{font-size:24px}}
@media print{.problem{break-inside:avoid}pre{max-height:none}}`;

export const STYLE = `${COLOURS}${PAGE}${PROBLEMS}${PICTURES}${SMALL}`;
