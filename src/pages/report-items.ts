import type { Status } from '../run/results.ts'
import { scrolling } from './document.ts'
import { type Content, html } from './html.ts'
import type { ItemTally, Tally } from './tally.ts'
import { percent, STATUS } from './words.ts'

const COUNTED: readonly Status[] = ['passed', 'failed', 'blocked', 'error', 'skipped']

/** How hard each item was. */
export function itemsSection(tally: Tally): Content {
  if (tally.items.length === 0) return null
  return html`<section aria-labelledby="items">
<h2 id="items">How hard each check was</h2>
<p class="quiet">Where students have other values, those of the first are shown.</p>
${scrolling(
  'Table of the checks',
  html`<table>
<thead><tr><th scope="col">Check</th><th scope="col">Solved by</th>${COUNTED.map((status) => html`<th scope="col" class="number">${STATUS[status].word}</th>`)}
<th scope="col" class="number">Points</th></tr></thead>
${[...tally.steps.values()]
  .filter(({ items }) => items.size > 0)
  .map(
    ({ title, items }, _index) => html`<tbody>
<tr><th scope="rowgroup" colspan="${COUNTED.length + 3}"><strong>${title}</strong></th></tr>
${[...items.values()].map(itemRow)}</tbody>
`,
  )}</table>`,
)}
</section>`
}

function itemRow(item: ItemTally): Content {
  const share = percent(item.statuses.passed, seen(item))
  return html`<tr id="item-${item.number}"><th scope="row" class="cause">${item.number} ${item.label}${item.hidden && html` <span class="badge still">hidden</span>`}<br><code class="quiet">${item.key}</code></th>
<td><span class="share"><span class="bar passed"><span style="width: ${share}%"></span></span>${share} %</span></td>
${COUNTED.map((status) => html`<td class="number">${item.statuses[status]}</td>`)}
<td class="number">${item.max > 0 && `${percent(item.points, item.max)} %`}</td></tr>
`
}

function seen({ statuses }: ItemTally): number {
  return COUNTED.reduce((sum, status) => sum + statuses[status], 0)
}

const MOST_CAUSES = 25
const MOST_PLACES = 8

/** What went wrong most often. */
export function causesSection(tally: Tally): Content {
  const top = tally.causes.top(MOST_CAUSES)
  if (top.length === 0) return null
  return html`<section aria-labelledby="causes">
<h2 id="causes">The commonest causes of failure</h2>
<p class="quiet">The diagnosis where there is one, else what was seen. Values that differ between students are left
out.${tally.causes.atLeast && ' There were very many different ones, so some numbers may be a little too low.'}</p>
${scrolling(
  'Table of the causes',
  html`<table>
<thead><tr><th scope="col" class="number">Students</th><th scope="col">Cause</th><th scope="col">In which checks, how often</th></tr></thead>
<tbody>
${top.map(
  ({ text, students, items }) =>
    html`<tr><td class="number">${students}</td><th scope="row" class="cause">${text}</th><td class="cause">${places(tally, items)}</td></tr>\n`,
)}</tbody>
</table>`,
)}
</section>`
}

function places(tally: Tally, items: ReadonlyMap<string, number>): Content {
  const byKey = new Map(tally.items.map((item) => [item.key, item]))
  const all = [...items].toSorted(([, a], [, b]) => b - a)
  const link = (key: string) => html`<a href="#item-${byKey.get(key)?.number}">${byKey.get(key)?.number}</a>`
  const [first] = all
  if (first && all.length === 1) return html`${link(first[0])} <span class="quiet">${byKey.get(first[0])?.label}</span>`
  return [
    ...all.slice(0, MOST_PLACES).map(([key, times]) => html`${link(key)} (${times}) `),
    all.length > MOST_PLACES && `and ${all.length - MOST_PLACES} more`,
  ]
}
