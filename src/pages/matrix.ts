import type { Graded, GradedItem } from '../grade/model.ts'
import { type Content, html } from './html.ts'
import type { StepTally, Tally } from './tally.ts'
import { percent, pointsText, STATUS, studentName } from './words.ts'

/** The head of the table of all: a column for each item, under its step, with the share of students who passed. */
export function matrixStart(tally: Tally): string {
  const steps = [...tally.steps.values()].filter(({ items }) => items.size > 0)
  return String(html`<table>
<thead>
<tr><th scope="col" rowspan="2">Student</th><th scope="col" rowspan="2" class="number">Points</th>
${steps.map((step) => html`<th scope="colgroup" colspan="${step.items.size}" title="${step.title}">${shortTitle(step)}</th>`)}
<th scope="col" rowspan="2">Remarks</th></tr>
<tr>${tally.items.map((item) => html`<th scope="col"><a href="#item-${item.number}" title="${item.key}">${item.number}</a><br>${percent(item.statuses.passed, seen(item.statuses))} %</th>`)}</tr>
</thead>
<tbody>
`)
}

export const MATRIX_END = '</tbody>\n</table>\n'

/** One student's line. */
export function matrixRow(graded: Graded, tally: Tally, link: string | null): string {
  const items = new Map(graded.steps.flatMap(({ items }) => items.map((item) => [item.key, item])))
  const carried = new Set(graded.steps.flatMap((step) => (step.carried ? step.items.map(({ key }) => key) : [])))
  return String(html`<tr><th scope="row">${studentLink(graded, link)}</th><td class="number">${pointsText(graded.points)}</td>${
    items.size > 0
      ? tally.items.map(({ key }) => cell(items.get(key), carried.has(key)))
      : html`<td class="s" colspan="${Math.max(1, tally.items.length)}">${graded.status === 'refused' ? 'not accepted' : 'nothing was judged'}</td>`
  }<td>${remarks(graded)}</td></tr>
`)
}

/** The student's name, as a link to the feedback page where there is one. */
export function studentLink(graded: Pick<Graded, 'student' | 'bundle'>, link: string | null): Content {
  const name = html`<bdi>${studentName(graded)}</bdi>`
  return link === null ? name : html`<a href="${link}">${name}</a>`
}

/** What the signs mean. */
export function matrixLegend(): Content {
  return html`<p class="quiet">${Object.values(STATUS).map(({ sign, word }) => html`<span class="sign">${sign} ${word}</span> `)}
<span class="sign"><sup>r</sup> on the reference state, because an earlier step had failed</span></p>`
}

function shortTitle({ title, items }: StepTally): string {
  const room = items.size * 8
  return title.length > room ? `${title.slice(0, Math.max(3, room - 1))}…` : title
}

function seen(statuses: Readonly<Record<string, number>>): number {
  return Object.values(statuses).reduce((sum, number) => sum + number, 0)
}

function cell(item: GradedItem | undefined, carried: boolean): Content {
  if (!item) return html`<td><span class="unseen">none</span></td>`
  const { sign, word } = STATUS[item.status]
  return html`<td class="${word === 'not judged' ? 'e' : item.status[0]!}"><span aria-hidden="true">${sign}</span><span class="unseen">${word}</span>${item.points !== null && item.max > 0 && ` ${pointsText(item.points)}`}${carried && html`<sup title="on the reference state">r</sup>`}</td>`
}

function remarks({ status, late, leads, limits }: Graded): string {
  return [
    ...(status === 'needs-staff' ? ['needs staff'] : status === 'refused' ? ['refused'] : []),
    ...(late ? ['late'] : []),
    ...(limits.length > 0 ? ['limit reached'] : []),
    ...(leads.length > 0 ? [leads.length === 1 ? '1 lead' : `${leads.length} leads`] : []),
  ].join(', ')
}
