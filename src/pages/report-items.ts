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
${scrolling(
  'How hard each check was',
  html`<table>
<thead><tr><th scope="col">Check</th><th scope="col">Passed</th>${COUNTED.map((status) => html`<th scope="col" class="number">${STATUS[status].word}</th>`)}
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
  return html`<tr id="item-${item.number}"><th scope="row">${item.number} ${item.label}${item.hidden && html` <span class="badge still">hidden</span>`}<br><code class="quiet">${item.key}</code></th>
<td class="share"><span class="bar passed"><span style="width: ${share}%"></span></span>${share} %</td>
${COUNTED.map((status) => html`<td class="number">${item.statuses[status]}</td>`)}
<td class="number">${item.max > 0 && `${percent(item.points, item.max)} %`}</td></tr>
`
}

function seen({ statuses }: ItemTally): number {
  return COUNTED.reduce((sum, status) => sum + statuses[status], 0)
}

const MOST_CAUSES = 25
const OF_ONE_ITEM = 3

/** What went wrong most often. */
export function causesSection(tally: Tally): Content {
  const all = tally.items.flatMap((item) => item.causes.top(OF_ONE_ITEM).map((cause) => ({ item, ...cause })))
  const top = all.toSorted((a, b) => b.students - a.students).slice(0, MOST_CAUSES)
  if (top.length === 0) return null
  return html`<section aria-labelledby="causes">
<h2 id="causes">The commonest causes of failure</h2>
<p class="quiet">The diagnosis where there is one, else what was seen. Values that differ between students are left out.</p>
${scrolling(
  'The commonest causes of failure',
  html`<table>
<thead><tr><th scope="col" class="number">Students</th><th scope="col">Cause</th><th scope="col">Check</th></tr></thead>
<tbody>
${top.map(
  ({
    item,
    text,
    students,
  }) => html`<tr><td class="number">${item.causes.atLeast && 'at least '}${students}</td><th scope="row">${text}</th>
<td><a href="#item-${item.number}">${item.number}</a> ${item.label}</td></tr>\n`,
)}</tbody>
</table>`,
)}
</section>`
}
