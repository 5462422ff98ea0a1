import type { Graded, GradedItem, GradedStep } from '../grade/model.ts'
import { worstOfItems } from './feedback-step.ts'
import { type Content, html } from './html.ts'
import { count, percent, pointsText, type Reader, STATUS } from './words.ts'

/** The result at a glance: points, what became of each step, and where to look first. */
export function resultSection(graded: Graded, forWhom: Reader): Content {
  const items = graded.steps.flatMap((step) => step.items)
  const passed = items.filter(({ status }) => status === 'passed').length
  return html`<section aria-labelledby="result">
<h2 id="result" class="unseen">Result</h2>
<div class="result">
${score(graded)}
<ul class="facts">
${items.length > 0 && html`<li>${passed} of ${count(items.length, 'check')} passed</li>`}
${graded.late && html`<li><span class="badge doubt">handed in late</span></li>`}
</ul>
${graded.points !== null && html`<span class="bar ${tone(graded)}"><span style="width: ${percent(graded.points, graded.max)}%"></span></span>`}
</div>
${notices(graded, forWhom)}
${firstTrouble(graded, forWhom)}
${graded.steps.length > 0 && stepTable(graded.steps)}
</section>`
}

function score({ status, points, max }: Graded): Content {
  if (status === 'refused') return html`<div class="score">Not accepted</div>`
  if (points === null) return html`<div class="score">No points yet</div>`
  return html`<div class="score">${pointsText(points)} <small>of ${pointsText(max)} points</small></div>`
}

function tone({ points, max }: Graded): string {
  return points === max ? 'passed' : 'still'
}

function notices({ status, reason, limits, steps }: Graded, forWhom: Reader): Content {
  return [
    status === 'refused' &&
      html`<div class="note failed"><p><strong>This submission could not be accepted, so nothing of it was judged.</strong>
${reason ?? 'No reason was recorded.'}</p>
<p>That is not the same as zero points. Hand in again, or ask a person of the staff.</p></div>`,
    status === 'needs-staff' &&
      html`<div class="note doubt"><p><strong>A person has to look at this.</strong> Something could not be found out, although
it was tried several times. That is not held against you: it costs no points, and the points below are not final.</p>
${forWhom === 'staff' && html`<p>${reason ?? 'No reason was recorded.'}</p>`}</div>`,
    limits.length > 0 &&
      html`<div class="note doubt"><p><strong>A limit was reached.</strong> The world in which your commands were typed has
limits, so that nobody's work can do harm to that of others. What was cut off may have made checks fail.</p>
<ul>${limits.map((limit) => html`<li>${limit}</li>`)}</ul></div>`,
    steps.some(({ carried }) => carried) &&
      html`<div class="note still"><p><strong>A mistake costs points once.</strong> Steps that are marked <em>on the reference
state</em> come after one that failed. They were judged on a network on which all that was asked for before had been
done, so that they do not fail for the same reason again. What passes there counts a little less.</p></div>`,
  ]
}

/** The first thing that went wrong is often the cause of all that follows. */
function firstTrouble({ steps }: Graded, forWhom: Reader): Content {
  const found = steps.flatMap((step, index) =>
    step.items
      .filter((item) => item.status === 'failed' && (forWhom === 'staff' || !item.hidden))
      .map((item) => ({ step, index, item })),
  )[0]
  if (!found) return null
  return html`<p class="note failed"><strong>Look here first:</strong> <a href="#step-${found.index + 1}">${found.step.title}</a>,
<em>${found.item.label}</em><br>${because(found.item)}</p>`
}

function because({ kind, diagnosis, actual }: GradedItem): string {
  if (kind === 'question' && actual !== 'no answer') return `Your answer: ${actual.slice(0, 400)}`
  return (diagnosis || actual).split('\n')[0]!.slice(0, 400)
}

function stepTable(steps: readonly GradedStep[]): Content {
  return html`<table class="steps">
<thead><tr><th scope="col">Step</th><th scope="col">Result</th><th scope="col" class="number">Points</th></tr></thead>
<tbody>
${steps.map((step, index) => {
  const status = worstOfItems(step)
  return html`<tr><th scope="row"><a href="#step-${index + 1}">${step.title}</a></th>
<td><span class="badge ${status}">${STATUS[status].sign} ${STATUS[status].word}</span>${step.carried && html` <span class="quiet">on the reference state</span>`}</td>
<td class="number">${pointsText(step.points)} of ${pointsText(step.max)}</td></tr>
`
})}</tbody>
</table>`
}
