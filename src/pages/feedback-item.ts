import type { GradedItem } from '../grade/model.ts'
import { shorten } from '../reporters/describe.ts'
import type { Evidence } from '../run/results.ts'
import { type Content, html } from './html.ts'
import { HIDDEN, pointsText, type Reader, STATUS } from './words.ts'

/** A check or a question with its verdict, and the reason for it. */
export function itemEntry(item: GradedItem, forWhom: Reader): Content {
  const { status, points, max } = item
  const secret = item.hidden && forWhom === 'student'
  return html`<li class="${status}">
<div class="head"><span class="badge ${status}">${STATUS[status].sign} ${STATUS[status].word}</span>
<h3 class="label">${secret ? HIDDEN : item.label}${item.hidden && !secret && html` <span class="badge still">hidden from students</span>`}</h3>
${max > 0 && html`<span class="number">${pointsText(points)} of ${pointsText(max)}</span>`}</div>
${secret ? secretNote(item) : explanation(item)}
</li>
`
}

function secretNote({ status }: GradedItem): Content {
  if (status === 'passed') return null
  return html`<p class="quiet">It tests in another way what the task asks for. Its text is not shown.</p>`
}

function explanation(item: GradedItem): Content {
  const { kind, status, expected, actual, why, diagnosis, evidence } = item
  const question = kind === 'question'
  if (status === 'passed') {
    const seen = [told(question ? 'Your answer' : 'Seen', actual), evidenceList(evidence)]
    return (
      (actual !== '' || evidence.length > 0) &&
      html`<details><summary>${question ? 'Your answer' : 'What was seen'}</summary>${seen}</details>`
    )
  }
  return [
    html`<dl class="told">
${status !== 'error' && pair(question ? 'Right' : 'Expected', expected)}
${pair(question ? 'Your answer' : SEEN[status], actual)}
${pair('Because', diagnosis, 'because')}
${pair('Why', why)}
</dl>`,
    evidence.length > 0 &&
      html`<details${status === 'failed' && html` open`}><summary>How to see it yourself</summary>${evidenceList(evidence)}</details>`,
  ]
}

const SEEN = {
  failed: 'Seen',
  blocked: 'Not tested',
  error: 'Trouble',
  skipped: 'Not tested',
} as const

function told(term: string, text: string): Content {
  return text !== '' && html`<dl class="told">${pair(term, text)}</dl>`
}

function pair(term: string, text: string | null, look = ''): Content {
  return text !== null && text !== '' && html`<dt>${term}</dt><dd class="${look}">${text.trimEnd()}</dd>`
}

function evidenceList(evidence: readonly Evidence[]): Content {
  return evidence.map(
    ({ command, output }) => html`<pre tabindex="0"># ${command}
${shorten(output, 40)}</pre>`,
  )
}
