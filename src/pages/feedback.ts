import type { Graded } from '../grade/model.ts'
import { documentOf } from './document.ts'
import { resultSection } from './feedback-result.ts'
import { staffSection } from './feedback-staff.ts'
import { stepSection } from './feedback-step.ts'
import { type Content, html } from './html.ts'
import { networkSection } from './network.ts'
import { fileName, type Reader, studentName, timeText } from './words.ts'

/** One student's results as one self-contained HTML file. */
export function feedbackPage(graded: Graded, forWhom: Reader): string {
  const name = studentName(graded)
  return documentOf(
    `${graded.lab.title}: ${name}`,
    'narrow',
    html`<header>
<p class="over">Feedback${forWhom === 'staff' && ' for staff: hidden checks and leads are shown'}</p>
<h1>${graded.lab.title}</h1>
<p><bdi>${name}</bdi>${name !== graded.student.pseudonym && html` <code class="quiet">${graded.student.pseudonym}</code>`}</p>
</header>
<main>
${resultSection(graded, forWhom)}
${forWhom === 'staff' && staffSection(graded)}
${graded.steps.map((step, index) => stepSection(graded, step, index, forWhom))}
${graded.network && networkSection(graded.network)}
</main>
${footer(graded)}
`,
  )
}

function footer({ bundle, gradedAt, lab }: Graded): Content {
  return html`<footer>
<p>All this was found out in a fresh world, on a machine of the instructor: there your commands were typed again, one
after the other, and looked at what had become of the network. What your own machine said about it was not used.</p>
<p>Submission <code>${fileName(bundle.file)}</code>, SHA-256 <code>${bundle.sha256}</code>; lab <code>${lab.id}</code>,
judged on <time datetime="${gradedAt}">${timeText(gradedAt)}</time>.</p>
</footer>`
}
