import type { Graded, GradedCommand, GradedItem, GradedStep } from '../grade/model.ts'
import { shorten } from '../reporters/describe.ts'
import { type Status, worst } from '../run/results.ts'
import { itemEntry } from './feedback-item.ts'
import { type Content, html } from './html.ts'
import { count, percent, pointsText, type Reader, STATUS } from './words.ts'

const MOST_COMMANDS = 200

/** A step: its checks, and what the student typed. */
export function stepSection(graded: Graded, step: GradedStep, index: number, forWhom: Reader): Content {
  const id = `step-${index + 1}`
  const status = worstOfItems(step)
  return html`<section aria-labelledby="${id}">
<div class="head"><h2 id="${id}" tabindex="-1">${index + 1}. ${step.title}</h2>
<span><span class="badge ${status}">${STATUS[status].sign} ${STATUS[status].word}</span> ${pointsText(step.points)} of ${pointsText(step.max)} points</span></div>
${step.carried && carriedNote(graded, step)}
${
  step.items.length > 0
    ? html`<ul class="items">
${step.items.map((item) => itemEntry(item, forWhom))}</ul>`
    : html`<p class="quiet">Nothing is checked in this step.</p>`
}
${commandList(step.commands)}
</section>`
}

/** What became of the checks; where there are none, of the step itself. */
export function worstOfItems({ items, status }: GradedStep): Status {
  return items.length > 0 ? worst(items.map((item) => item.status)) : status
}

function carriedNote({ steps }: Graded, step: GradedStep): Content {
  const failed = steps.slice(0, steps.indexOf(step)).find((earlier) => earlier.status !== 'passed')
  const share = countedShare(step.items)
  return html`<p class="note still"><strong>Judged on the reference state.</strong> ${
    failed ? html`Step <em>${failed.title}</em> before it` : 'A step before it'
  } had failed. So this step got a network on which all earlier steps are done as they should be, and your commands were
typed there.${share !== null && ` What passed counts ${share} %.`}</p>`
}

/** The factor for what was judged on the reference state, as the points show it. */
function countedShare(items: readonly GradedItem[]): number | null {
  const passed = items.filter(({ status, points, max }) => status === 'passed' && points !== null && max > 0)
  const sum = (of: (item: GradedItem) => number) => passed.reduce((total, item) => total + of(item), 0)
  return passed.length > 0
    ? percent(
        sum(({ points }) => points ?? 0),
        sum(({ max }) => max),
      )
    : null
}

function commandList(commands: readonly GradedCommand[]): Content {
  if (commands.length === 0) return html`<p class="quiet">There are no commands of yours in this step.</p>`
  const unwell = commands.filter(({ exit }) => exit !== 0).length
  return html`<details><summary>What you typed: ${count(commands.length, 'command')}${unwell > 0 && `, ${unwell} with an error`}</summary>
<ol class="commands">
${commands.slice(0, MOST_COMMANDS).map(commandEntry)}</ol>
${commands.length > MOST_COMMANDS && html`<p class="quiet">… and ${commands.length - MOST_COMMANDS} more.</p>`}
</details>`
}

function commandEntry({ terminal, text, exit, output }: GradedCommand): Content {
  return html`<li><code>${text}</code>${terminal !== 'main' && html` <span class="quiet">in terminal ${terminal}</span>`}
${exit !== 0 && html`<span class="badge doubt">${exit === null ? 'did not end' : `exit ${exit}`}</span>`}
${output.trim() !== '' && html`<pre tabindex="0">${shorten(output, 60)}</pre>`}</li>
`
}
