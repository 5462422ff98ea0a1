import type { Graded, Lead } from '../grade/model.ts'
import { scrolling } from './document.ts'
import { type Content, html } from './html.ts'
import { studentLink } from './matrix.ts'
import type { Notable, Tally } from './tally.ts'
import { count, percent, pointsText } from './words.ts'

/** The class in a few numbers. */
export function summarySection(tally: Tally, missing: number): Content {
  const { graded, refused, 'needs-staff': staff } = tally.statuses
  const tiles: readonly (readonly [string, string | number])[] = [
    ['graded', graded],
    ['need staff', staff],
    ['not accepted', refused],
    ['handed nothing in', missing],
    ['late', tally.late],
    ['with a lead', tally.leads],
    [`mean of ${pointsText(tally.max)} points`, pointsText(tally.mean)],
    ['median', pointsText(tally.median)],
  ]
  return html`<section aria-labelledby="summary">
<h2 id="summary">The class</h2>
<ul class="tiles">
${tiles.map(([name, value]) => html`<li><b>${value}</b> ${name}</li>\n`)}</ul>
</section>`
}

/** Who needs a person, and where there is a reason to look. */
export function peopleSections(tally: Tally): Content {
  const byPseudonym = new Map(tally.suspected.map((one) => [one.graded.student.pseudonym, one]))
  return [
    people('staff', 'Needs staff', tally.notable, tally.statuses['needs-staff'] + tally.statuses.refused, {
      intro:
        'Neither of these is zero points: there are no points until a person has decided, or something better is handed in.',
      none: 'Nobody.',
      of: ({ status, reason }) => [
        `${status === 'refused' ? 'not accepted' : 'not judged'}: ${reason ?? 'no reason was recorded'}`,
      ],
    }),
    people('leads', 'Leads', tally.suspected, tally.leads, {
      intro: 'Reasons for a person to look, no verdicts. No points were taken for them.',
      none: 'None.',
      of: ({ leads }) => leads.map((lead) => html`${lead.kind}: ${lead.reason}${withOthers(lead, byPseudonym)}`),
    }),
  ]
}

/** Staff know students by name; of whom has no lead there is only the pseudonym, which the reason may have told. */
function withOthers({ others, reason }: Lead, known: ReadonlyMap<string, Notable>): Content {
  const told = others.filter((other) => known.has(other) || !reason.includes(other))
  if (told.length === 0) return null
  const names = told.map((other, index) => {
    const one = known.get(other)
    return [index > 0 && ', ', one ? studentLink(one.graded, one.link) : other]
  })
  return html` (with ${names})`
}

interface Wording {
  readonly intro: string
  readonly none: string
  readonly of: (graded: Notable['graded']) => readonly Content[]
}

function people(
  id: string,
  title: string,
  list: readonly Notable[],
  all: number,
  { intro, none, of }: Wording,
): Content {
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${title}${all > 0 && ` (${all})`}</h2>
${
  all === 0
    ? html`<p>${none}</p>`
    : html`<p class="quiet">${intro}</p>
<ul class="people">
${list.map(({ graded, link }) => html`<li>${studentLink(graded, link)}: ${listed(of(graded))}</li>\n`)}</ul>
${all > list.length && html`<p>… and ${all - list.length} more: see the remarks in the <a href="#all">table of all</a>.</p>`}`
}
</section>`
}

function listed(reasons: readonly Content[]): Content {
  return reasons.length === 1 ? reasons[0] : html`<ul>${reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`
}

const BINS = 10

/** How many students have how many points. */
export function distributionSection(tally: Tally): Content {
  const bins = Array.from({ length: BINS }, () => 0)
  for (const [points, students] of tally.points) bins[binOf(points, tally.max)]! += students
  const most = Math.max(...bins)
  if (most === 0) return null
  const edge = (bin: number) => pointsText((tally.max * bin) / BINS)
  return html`<section aria-labelledby="distribution">
<h2 id="distribution">Distribution of the points</h2>
${scrolling(
  'Table of the points',
  html`<table class="distribution">
<thead><tr><th scope="col" class="number">Points</th><th scope="col" class="number">Students</th><td></td></tr></thead>
<tbody>
${bins.map(
  (
    students,
    bin,
  ) => html`<tr><th scope="row" class="number">${edge(bin)} ${bin === BINS - 1 ? 'to' : 'to below'} ${edge(bin + 1)}</th>
<td class="number">${students}</td><td class="wide"><span class="bar"><span style="width: ${percent(students, most)}%"></span></span></td></tr>\n`,
)}</tbody>
</table>`,
)}
</section>`
}

function binOf(points: number, max: number): number {
  return max > 0 ? Math.min(BINS - 1, Math.max(0, Math.floor((BINS * points) / max))) : BINS - 1
}

/** Those of the roster without a submission. */
export function missingSection(missing: readonly Graded['student'][]): Content {
  if (missing.length === 0) return null
  return html`<section aria-labelledby="missing">
<h2 id="missing">Nothing handed in: ${count(missing.length, 'student')}</h2>
<ul class="people columns">
${missing.map(({ id, name, pseudonym }) => html`<li><bdi>${name || id || pseudonym}</bdi></li>\n`)}</ul>
</section>`
}
