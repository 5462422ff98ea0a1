import type { Graded } from '../grade/model.ts'
import { DOCUMENT_END, documentStart } from './document.ts'
import { html } from './html.ts'
import { MATRIX_END, matrixLegend, matrixRow, matrixStart } from './matrix.ts'
import { distributionSection, missingSection, peopleSections, summarySection } from './report-class.ts'
import { causesSection, itemsSection } from './report-items.ts'
import { Tally } from './tally.ts'
import { timeText } from './words.ts'

export interface ReportInput {
  /** Of the lab. */
  readonly title: string
  /** Reads the results from the beginning, in the order of the table; it is called twice. */
  readonly results: () => AsyncIterable<Graded>
  /** Those of the roster who handed nothing in. */
  readonly missing: readonly Graded['student'][]
  /** Where a student's feedback page is: a path (no URL), seen from the report; null where there is none. */
  readonly feedback: (graded: Graded) => string | null
  /** ISO 8601. */
  readonly made: string
}

/**
 * The report on a class, for staff, in pieces of HTML as they are to be written. The results are read once to count and
 * once more for their lines, so that the summary stands first and the memory does not grow with the class.
 */
export async function* reportPage(input: ReportInput): AsyncGenerator<string, void, undefined> {
  const { title, results, missing, feedback, made } = input
  const linkTo = (graded: Graded) => linkOf(feedback(graded))
  const tally = new Tally()
  for await (const graded of results()) tally.add(graded, linkTo(graded))
  yield documentStart(`${title}: report`, 'wide')
  yield String(html`<header>
<p class="over">Report on a class, for staff: it has names, hidden checks and leads</p>
<h1>${title}</h1>
<p class="quiet">Made on <time datetime="${made}">${timeText(made)}</time></p>
<nav class="over" aria-label="Parts of this page"><a href="#staff">Needs staff</a> <a href="#leads">Leads</a>
<a href="#distribution">Points</a> <a href="#items">Checks</a> <a href="#causes">Causes</a> <a href="#all">Students</a></nav>
</header>
<main>
${summarySection(tally, missing.length)}
${peopleSections(tally)}
${distributionSection(tally)}
${itemsSection(tally)}
${causesSection(tally)}
<section aria-labelledby="all">
<h2 id="all">Students and checks</h2>
${matrixLegend()}
<div class="scroll matrix" role="region" aria-label="Table of the students" tabindex="0">
`)
  yield matrixStart(tally)
  for await (const graded of results()) yield matrixRow(graded, tally, linkTo(graded))
  yield MATRIX_END
  yield String(html`</div>
</section>
${missingSection(missing)}
</main>
`)
  yield DOCUMENT_END
}

/** A path as a relative URL: nothing in it can be a scheme, another host, a query or a fragment. */
function linkOf(path: string | null): string | null {
  if (path === null) return null
  const parts = path.toWellFormed().split('/')
  return parts
    .filter((part) => part !== '')
    .map(encodeURIComponent)
    .join('/')
}
