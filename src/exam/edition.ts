import type { CheckKind } from '../lab/check-block.ts'
import { TASK_MARK } from '../lab/edition-marks.ts'
import { type Item, isStep, type Lab, type Section } from '../lab/lab.ts'
import { parseLabOrThrow } from '../lab/parse.ts'
import { LabError, ProblemList } from '../lab/problem.ts'
import { type Secret, seal } from '../lab/secrets.ts'
import { practiceValues } from './draw.ts'

/**
 * The student's edition of a lab's text: without solutions, hidden checks, answers and the author's comments, its setup
 * sealed. All else stays as it is, to the byte. That of an edition is the edition itself. Throws LabError.
 */
export function makeEdition(text: string, file: string, kinds: ReadonlyMap<string, CheckKind>): string {
  const lab = parseLabOrThrow(text, file, kinds, practiceValues)
  refuseInseparable(lab)
  const lines = text.split(/(?<=\r\n|\r(?!\n)|\n)/)
  const plan = new Plan(lines)
  for (const secret of lab.secrets) plan.take(secret)
  for (const section of lab.sections.filter(isStep)) keepStep(section, plan)
  if (!lab.edition) plan.before(frontMatterEnd(lines), 'edition: true')
  const edition = plan.text()
  // What cannot be read any more is seen here, and not by the students.
  parseLabOrThrow(edition, file, kinds, practiceValues)
  return edition
}

function refuseInseparable({ file, source, secrets }: Lab): void {
  const problems = new ProblemList(file, source)
  for (const secret of secrets) {
    if (secret.kind !== 'inseparable') continue
    problems.add(
      secret,
      'inseparable',
      {},
      'write it in lines that begin with `- ` or `key: `, without [ ] and { } around all',
    )
  }
  if (problems.problems.length > 0) throw new LabError(problems.sorted(), source)
}

/**
 * Solutions of which one follows the other are one task. A step whose only work was not for students is a task all the
 * same: other steps may need it.
 */
function keepStep(step: Section, plan: Plan): void {
  const work = step.items.filter(isWork)
  let open: number | undefined
  for (const { line } of work) {
    const first = plan.firstOfCut(line)
    if (!plan.isMarked(first)) open = plan.isCut(line) ? open : undefined
    else if (open !== undefined && open !== first) plan.unmark(first)
    else open = first
  }
  if (work.some(({ line }) => !plan.isCut(line))) return
  const first = work[0]!
  plan.mark(plan.firstOfCut(first.line))
}

function isWork(item: Item): boolean {
  return item.kind === 'block' || item.kind === 'check' || item.kind === 'question'
}

/** The line of the second `---`. */
function frontMatterEnd(lines: readonly string[]): number {
  return lines.findIndex((line, index) => index > 0 && /^(---|\.\.\.)\s*$/.test(line)) + 1
}

/** What becomes of each line of a text; lines count from 1, and each has its line end. */
class Plan {
  readonly #lines: string[]
  readonly #eol: string
  /** The first line of what is left out, for each of its lines. */
  readonly #cut = new Map<number, number>()
  readonly #marks = new Set<number>()
  readonly #before = new Map<number, string>()

  constructor(lines: readonly string[]) {
    this.#lines = [...lines]
    this.#eol = /\r\n|\r|\n/.exec(lines[0]!)?.[0] ?? '\n'
  }

  take({ kind, line, last, column }: Secret): void {
    if (kind === 'seal') this.#seal(line, last)
    else if (kind === 'comment' && column !== undefined) this.#cutComment(line, column)
    else this.#leaveOut(line, last)
    if (kind === 'task') this.mark(line)
  }

  isCut(line: number): boolean {
    return this.#cut.has(line) && !this.#marks.has(this.firstOfCut(line))
  }

  firstOfCut(line: number): number {
    return this.#cut.get(line) ?? line
  }

  mark(line: number): void {
    this.#marks.add(line)
  }

  isMarked(line: number): boolean {
    return this.#marks.has(line)
  }

  unmark(line: number): void {
    this.#marks.delete(line)
  }

  before(line: number, text: string): void {
    this.#before.set(line, text)
  }

  text(): string {
    return this.#lines
      .flatMap((line, index) => {
        const number = index + 1
        const before = this.#before.get(number)
        const added = before === undefined ? [] : [before + this.#eol]
        if (this.#marks.has(number)) return [...added, TASK_MARK + this.#eol]
        return this.#cut.has(number) || this.#isBlankAfterCut(number) ? added : [...added, line]
      })
      .join('')
  }

  #leaveOut(line: number, last: number): void {
    for (let at = line; at <= last; at++) if (!this.#cut.has(at)) this.#cut.set(at, line)
  }

  #cutComment(line: number, column: number): void {
    const text = this.#lines[line - 1]!
    const kept = text.slice(0, column - 1).trimEnd()
    if (kept === '') this.#leaveOut(line, line)
    else this.#lines[line - 1] = kept + (/[\r\n]+$/.exec(text)?.[0] ?? '')
  }

  #seal(line: number, last: number): void {
    const fence = this.#lines[line - 1]!
    const indent = /^[^`~]*/.exec(fence)![0].replace(/[^>\s]/g, ' ')
    const inside = this.#lines
      .slice(line, last - 1)
      .map((one) => one.slice(Math.min(indent.length, one.search(/\S|$/))))
    const sealed = seal(inside.join('').replace(/\r\n?/g, '\n')).split('\n')
    this.#lines[line - 1] = fence.replace(/\bsetup\b/, 'setup sealed')
    this.#leaveOut(line + 1, last - 1)
    this.before(last, sealed.map((one) => indent + one).join(this.#eol))
  }

  /** Where a paragraph goes, one of the blank lines around it goes too. */
  #isBlankAfterCut(line: number): boolean {
    const isBlank = (at: number) => this.#lines[at - 1]?.trim() === ''
    if (!isBlank(line) || !this.#cut.has(line - 1)) return false
    const first = this.firstOfCut(line - 1)
    return !this.#marks.has(first) && isBlank(first - 1)
  }
}
