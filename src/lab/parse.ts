import { basename } from 'node:path'
import MarkdownIt from 'markdown-it'
import type { CheckKind } from './check-block.ts'
import { Filler, HIDDEN_ADVICE } from './fill.ts'
import { parseFrontMatter, worldSpec } from './front-matter.ts'
import { isStep, type Lab } from './lab.ts'
import type { Params, Values } from './params.ts'
import { LabError, type Problem, ProblemList } from './problem.ts'
import type { Secret } from './secrets.ts'
import { readSections } from './sections.ts'

export interface ParseResult {
  /** Missing if the front matter or a part of the text could not be understood. */
  readonly lab: Lab | undefined
  readonly problems: readonly Problem[]
  readonly source: readonly string[]
}

/** Which values a lab is filled with: it is asked once its params are known. */
export type ChooseValues = (params: Params, lab: string) => Values

/**
 * Parses the text of a lab file; throws only what `choose` throws, and finds all mistakes at once. `kinds` are the
 * kinds of checks that there are. Without `choose`, `{{name}}` of params stays as it is. A lab with problems must not
 * be run.
 */
export function parseLab(
  text: string,
  file: string,
  kinds: ReadonlyMap<string, CheckKind>,
  choose?: ChooseValues,
): ParseResult {
  const source = text.replace(/^\uFEFF/, '').split(/\r\n?|\n/)
  const problems = new ProblemList(file, source)
  const { values: front, params, comments, lines } = parseFrontMatter(source, problems)
  const id = basename(file).replace(/\.md$/, '')
  const isFine = problems.problems.length === 0
  const values = choose && isFine ? choose(params, id) : {}
  const filler = new Filler(choose && isFine ? params : new Map(), values)
  problems.toFile = (place) => filler.toFile(place)
  const filled = source.slice(lines).map((line, index) => filler.fillLine(line, lines + index + 1, problems))
  const body = [...Array<string>(lines).fill(''), ...filled]
  const tokens = new MarkdownIt({ html: true }).parse(body.join('\n'), {})
  const world = worldSpec(front?.world)
  const edition = front?.edition ?? false
  const found = readSections({ tokens, source: body, kinds, world, filler, edition, problems })
  const steps = found.sections.filter(isStep)
  // Where a step could not be understood, that is said already.
  if (steps.length === 0 && problems.problems.length === 0) problems.add({ line: lines + 1 }, 'no-steps')
  const secrets = [...comments, ...found.secrets]
    .map((secret) => ({ ...secret, ...filler.toFile(secret) }))
    .toSorted((a, b) => a.line - b.line)
  problems.toFile = (place) => place
  const told = (key: 'title' | 'summary') => {
    const line = source.findIndex((text) => text.startsWith(`${key}:`)) + 1
    return front?.[key] === undefined ? undefined : filler.fillShown(front[key], { line }, problems)
  }
  const [title, summary] = [told('title'), told('summary')]
  for (const use of filler.hiddenUses()) {
    if (!secrets.some((secret) => hides(secret, use.line)))
      problems.add(use, 'hidden-param', { name: use.name }, HIDDEN_ADVICE)
  }
  if (!front) return { lab: undefined, problems: problems.sorted(), source }
  const lab: Lab = {
    id,
    file,
    source,
    title: title ?? found.heading ?? id,
    summary,
    minutes: front.minutes,
    world,
    tools: front.tools ?? [],
    machine: front.machine ?? 'any',
    from: front.from,
    params,
    grading: { carry: front.grading?.carry ?? 0.8 },
    values,
    edition,
    secrets,
    sections: found.sections,
    steps,
  }
  return { lab, problems: problems.sorted(), source }
}

/** As parseLab, for those who need a lab without a mistake; throws LabError with all of them. */
export function parseLabOrThrow(
  text: string,
  file: string,
  kinds: ReadonlyMap<string, CheckKind>,
  choose?: ChooseValues,
): Lab {
  const { lab, problems, source } = parseLab(text, file, kinds, choose)
  if (!lab || problems.length > 0) throw new LabError(problems, source)
  return lab
}

function hides({ kind, line, last }: Secret, at: number): boolean {
  return (kind === 'seal' || kind === 'cut' || kind === 'task') && line <= at && at <= last
}
