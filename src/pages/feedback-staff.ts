import type { Graded } from '../grade/model.ts'
import { type Content, html } from './html.ts'
import { count } from './words.ts'

/** What only staff see of a student's result. */
export function staffSection(graded: Graded): Content {
  const { leads, student, attempts, duration, digest, lab } = graded
  return html`<section aria-labelledby="staff">
<h2 id="staff">For staff</h2>
${
  leads.length > 0
    ? html`<div class="note doubt"><p><strong>${count(leads.length, 'lead')}.</strong> A reason to look, no verdict: no points were taken
for it.</p>
<ul>${leads.map(({ kind, reason, others }) => html`<li><strong>${kind}:</strong> ${reason}${others.length > 0 && html` (with ${others.join(', ')})`}</li>`)}</ul></div>`
    : html`<p>No leads.</p>`
}
<dl class="told">
${student.id !== null && html`<dt>Id in the roster</dt><dd>${student.id}</dd>`}
<dt>Pseudonym</dt><dd>${student.pseudonym}</dd>
<dt>Graded</dt><dd>in ${(duration / 1000).toFixed(1)} s, with ${count(attempts, 'attempt')}</dd>
<dt>Result</dt><dd class="mono">${digest}</dd>
<dt>Lab with answers</dt><dd class="mono">${lab.fullDigest}</dd>
</dl>
</section>`
}
