import { trusted } from './html.ts'
import { PRINT } from './style-print.ts'

const COLOURS = `
:root {
  color-scheme: light dark;
  --page: #f7f7f4; --surface: #fff; --sunk: #f1f2ef; --text: #1c1f23; --quiet: #565e67; --line: #d6d9d5; --link: #1b5a9e;
  --passed: #17653a; --passed-tint: #e4f3e9; --failed: #a8221b; --failed-tint: #fcebe9;
  --doubt: #7a4d00; --doubt-tint: #fdf1d9; --still: #565e67; --still-tint: #eceeeb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #13161a; --surface: #1b1f24; --sunk: #14181c; --text: #e5e8ea; --quiet: #a5aeb7; --line: #363d45; --link: #8fbcf7;
    --passed: #74d19b; --passed-tint: #17301f; --failed: #ff948a; --failed-tint: #3b1d1b;
    --doubt: #f0bd62; --doubt-tint: #352a14; --still: #a5aeb7; --still-tint: #272d33;
  }
}
.passed { --tone: var(--passed); --tint: var(--passed-tint) }
.failed { --tone: var(--failed); --tint: var(--failed-tint) }
.error, .doubt { --tone: var(--doubt); --tint: var(--doubt-tint) }
.blocked, .skipped, .still { --tone: var(--still); --tint: var(--still-tint) }
`

const BASE = `
* { box-sizing: border-box }
html { background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; -webkit-text-size-adjust: 100% }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 56rem; overflow-wrap: anywhere }
body.wide { max-width: 80rem }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 0 }
h3 { font-size: 1rem; margin: 0 }
p { margin: .5rem 0 }
a { color: var(--link) }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px }
code, pre, .mono { font: .875rem/1.45 ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, monospace }
pre { margin: .25rem 0; padding: .6rem .75rem; background: var(--sunk); border: 1px solid var(--line); border-radius: 6px; overflow-x: auto; overflow-wrap: normal; white-space: pre; tab-size: 8 }
summary { cursor: pointer; color: var(--link) }
.quiet { color: var(--quiet) }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
section, .card { margin: 1.25rem 0; padding: 1rem 1.25rem; background: var(--surface); border: 1px solid var(--line); border-radius: 10px }
.over { margin: 0 0 .25rem; color: var(--quiet) }
.scroll { overflow: auto; position: relative }
table { border-collapse: collapse; width: 100%; overflow-wrap: normal }
th, td { padding: .4rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top }
thead th { color: var(--quiet); font-weight: 600; font-size: .875rem; vertical-align: bottom }
tbody th { font-weight: 400 }
tbody tr:last-child > * { border-bottom: 0 }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.bar { display: block; height: .5rem; min-width: 4rem; background: var(--still-tint); border-radius: 1rem; overflow: hidden }
.bar > span { display: block; height: 100%; background: var(--tone, var(--link)) }
.badge { display: inline-block; padding: 0 .55rem; border-radius: 1rem; background: var(--tint); color: var(--tone); font-size: .875rem; font-weight: 600; white-space: nowrap }
.note { margin: .75rem 0; padding: .6rem .9rem; border-left: 4px solid var(--tone); background: var(--tint); border-radius: 4px }
.note > :first-child { margin-top: 0 } .note > :last-child { margin-bottom: 0 }
footer { color: var(--quiet); font-size: .875rem }
`

const FEEDBACK = `
.result { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center }
.score { font-size: 2.5rem; line-height: 1.1; font-weight: 700; font-variant-numeric: tabular-nums }
.score small { font-size: 1rem; font-weight: 400; color: var(--quiet) }
.facts { display: flex; flex-wrap: wrap; gap: .35rem .6rem; margin: 0; padding: 0; list-style: none }
.result .bar { flex: 1 0 100%; height: .65rem }
.head { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; justify-content: space-between }
.steps tbody th { overflow-wrap: anywhere; min-width: 6rem }
.items { list-style: none; margin: .75rem 0; padding: 0 }
.items > li { margin: .4rem 0; padding: .35rem .75rem; border: 1px solid var(--line); border-left: 4px solid var(--tone); border-radius: 6px }
.items summary { font-size: .875rem }
.items .label { flex: 1 1 14rem }
.told { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .2rem 1rem; margin: .5rem 0 }
.told dt { color: var(--quiet) } .told dd { margin: 0; white-space: pre-wrap }
.commands { margin: .5rem 0; padding-left: 1.75rem } .commands > li { margin: .6rem 0 }
.commands code { white-space: pre-wrap }
figure { margin: .75rem 0 } figure svg { display: block; height: auto }
@media (max-width: 36rem) {
  body { padding: 1rem .6rem 2rem } section { padding: .8rem }
  .told { grid-template-columns: minmax(0, 1fr); gap: 0 } .told dd { margin-bottom: .4rem }
}
svg .place { fill: var(--sunk); stroke: var(--line) } svg .outside { fill: var(--still-tint) }
svg .device { fill: var(--surface); stroke: var(--passed) } svg .down { stroke: var(--failed) }
svg .cable { stroke: var(--passed) } svg .broken { stroke: var(--failed) }
svg text { fill: var(--text) }
`

const REPORT = `
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(7rem, 1fr)); gap: .75rem; margin: .75rem 0; padding: 0; list-style: none }
.tiles li { padding: .6rem .8rem; background: var(--sunk); border-radius: 8px }
.over a { margin-right: 1rem; white-space: nowrap }
.tiles b { display: block; font-size: 1.6rem; line-height: 1.2; font-variant-numeric: tabular-nums }
.matrix { max-height: 85vh; border: 1px solid var(--line); border-radius: 6px }
.matrix table { width: auto; border-collapse: separate; border-spacing: 0 }
.matrix th, .matrix td { border-right: 1px solid var(--line); background: var(--surface); padding: .25rem .5rem }
.matrix td { text-align: center; white-space: nowrap }
.matrix thead th { text-align: center; white-space: nowrap }
.matrix thead { position: sticky; top: 0; z-index: 2 }
.matrix th[scope=row] { position: sticky; left: 0; z-index: 1; min-width: 11rem; max-width: 16rem; overflow-wrap: anywhere }
.matrix thead th:first-child { position: sticky; left: 0; z-index: 3; text-align: left }
.matrix .p, .matrix .f, .matrix .b, .matrix .e, .matrix .s { color: var(--tone); background: var(--tint) }
.p { --tone: var(--passed); --tint: var(--passed-tint) } .f { --tone: var(--failed); --tint: var(--failed-tint) }
.e { --tone: var(--doubt); --tint: var(--doubt-tint) } .b, .s { --tone: var(--still); --tint: var(--still-tint) }
.distribution { max-width: 40rem } .distribution th, .distribution td { width: 1%; border: 0; padding: .15rem .6rem } .distribution .wide { width: 99%; vertical-align: middle }
td.cause, th.cause { min-width: 12rem }
.share { display: flex; align-items: center; gap: .5rem; white-space: nowrap } .share .bar { flex: 1 1 5rem } .sign { margin-right: .75rem; white-space: nowrap }
.people { margin: .5rem 0; padding-left: 1.25rem } .columns { columns: 14rem }
`

export const STYLE = trusted(`<style>${COLOURS}${BASE}${FEEDBACK}${REPORT}${PRINT}</style>`)
