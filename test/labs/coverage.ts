import type { CheckItem, Lab, Step } from '../../src/lab/lab.ts'

const BEGIN = '<!-- coverage: begin -->\n'
const END = '<!-- coverage: end -->\n'

/** A Markdown table with a line for each step of the labs: which experiments it reproduces, and what proves that. */
export function coverageTable(labs: readonly Lab[]): string {
  const rows = labs.flatMap((lab) => lab.steps.map((step) => row(lab, step)))
  const all = labs.flatMap(({ steps }) => steps).flatMap(checksOf)
  const [proofs, guards] = [all.filter(proves).length, all.filter(({ guards }) => guards).length]
  return `${[
    `${labs.length} labs, ${rows.length} steps, ${all.length} checks: ${proofs} prove something, ${guards} guard.`,
    '',
    '| lab | step | experiment | proven by | guarded by | questions |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')}\n`
}

/** Puts the table between the two comments of a page. Throws Error where the page has no place for it. */
export function withTable(page: string, table: string): string {
  const [before, rest] = page.split(BEGIN)
  const after = rest?.split(END)[1]
  if (before === undefined || after === undefined) throw new Error(`the page has no ${BEGIN.trim()} … ${END.trim()}`)
  return `${before}${BEGIN}\n${table}\n${END}${after}`
}

/** The experiments that steps of the labs name, each with the checks that prove it; there may be none. */
export function proofsOf(labs: readonly Lab[]): Map<string, CheckItem[]> {
  const proofs = new Map<string, CheckItem[]>()
  for (const step of labs.flatMap(({ steps }) => steps)) {
    for (const id of step.experiments) proofs.set(id, [...(proofs.get(id) ?? []), ...checksOf(step).filter(proves)])
  }
  return proofs
}

function row(lab: Lab, step: Step): string {
  const checks = checksOf(step)
  const cells = [
    `[${lab.id}](${lab.id}.md)`,
    step.id,
    step.experiments.join(', '),
    byKind(checks.filter(proves)),
    byKind(checks.filter(({ guards }) => guards)),
    step.items.filter(({ kind }) => kind === 'question').length || '',
  ]
  return `| ${cells.join(' | ')} |`
}

function checksOf(step: Step): CheckItem[] {
  return step.items.filter((item) => item.kind === 'check')
}

/** labrun verify insists that it fails before the step and passes after it. */
function proves({ guards }: CheckItem): boolean {
  return !guards
}

/** `2 capture, 1 ping`: the most frequent first. */
function byKind(checks: readonly CheckItem[]): string {
  const counts = new Map<string, number>()
  for (const { check } of checks) counts.set(check, (counts.get(check) ?? 0) + 1)
  return [...counts]
    .toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b))
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ')
}
