import { basename } from 'node:path'
import MarkdownIt from 'markdown-it'
import type { CheckKind } from './check-block.ts'
import { parseFrontMatter, worldSpec } from './front-matter.ts'
import { isStep, type Lab } from './lab.ts'
import { LabError, type Problem, ProblemList } from './problem.ts'
import { readSections } from './sections.ts'

export interface ParseResult {
  /** Missing if the front matter or a part of the text could not be understood. */
  readonly lab: Lab | undefined
  readonly problems: readonly Problem[]
  readonly source: readonly string[]
}

/**
 * Parses the text of a lab file; never throws, and finds all mistakes at once. `kinds` are the kinds of checks that
 * there are. A lab with problems must not be run.
 */
export function parseLab(text: string, file: string, kinds: ReadonlyMap<string, CheckKind>): ParseResult {
  const source = text.replace(/^\uFEFF/, '').split(/\r\n?|\n/)
  const problems = new ProblemList(file, source)
  const { values, lines } = parseFrontMatter(source, problems)
  const body = [...Array<string>(lines).fill(''), ...source.slice(lines)]
  const tokens = new MarkdownIt({ html: true }).parse(body.join('\n'), {})
  const world = worldSpec(values?.world)
  const { sections, heading } = readSections({ tokens, source: body, kinds, world, problems })
  const steps = sections.filter(isStep)
  // Where a step could not be understood, that is said already.
  if (steps.length === 0 && problems.problems.length === 0) problems.add({ line: lines + 1 }, 'no-steps')
  const found = problems.sorted()
  const id = basename(file).replace(/\.md$/, '')
  if (!values) return { lab: undefined, problems: found, source }
  const lab: Lab = {
    id,
    file,
    source,
    title: values.title ?? heading ?? id,
    summary: values.summary,
    minutes: values.minutes,
    world,
    tools: values.tools ?? [],
    machine: values.machine ?? 'any',
    from: values.from,
    params: values.params ?? {},
    sections,
    steps,
  }
  return { lab, problems: found, source }
}

/** As parseLab, for those who need a lab without a mistake; throws LabError with all of them. */
export function parseLabOrThrow(text: string, file: string, kinds: ReadonlyMap<string, CheckKind>): Lab {
  const { lab, problems, source } = parseLab(text, file, kinds)
  if (!lab || problems.length > 0) throw new LabError(problems, source)
  return lab
}
