import { checks } from '../../src/checks/index.ts'
import { practiceValues } from '../../src/exam/draw.ts'
import type { Item, Lab, Step } from '../../src/lab/lab.ts'
import { type ParseResult, parseLab, parseLabOrThrow } from '../../src/lab/parse.ts'

/** Front matter that has the version and the given lines. */
export function frontMatter(...lines: readonly string[]): string {
  return ['---', 'labrun: 1', ...lines, '---', ''].join('\n')
}

/** A fenced block: the words after the backticks, and its lines. */
export function fence(info: string, ...lines: readonly string[]): string {
  return ['', `\`\`\`${info}`, ...lines, '```', ''].join('\n')
}

/** A lab of one step with the id `it`; `## It` is line 4, what is given begins in line 5. */
export function oneStep(...parts: readonly string[]): string {
  return [`${frontMatter()}## It`, ...parts].join('\n')
}

export function parse(text: string): ParseResult {
  return parseLab(text, 'demo.md', checks, practiceValues)
}

/** A lab that must be without a mistake; throws LabError otherwise. */
export function lab(text: string): Lab {
  return parseLabOrThrow(text, 'demo.md', checks, practiceValues)
}

/** The only step of a lab that must be without a mistake. */
export function onlyStep(...parts: readonly string[]): Step {
  const { steps } = lab(oneStep(...parts))
  if (steps.length !== 1) throw new Error(`expected one step, found ${steps.length}`)
  return steps[0]!
}

/** What follows the heading of the only step of a lab that must be without a mistake. */
export function itemsOf(...parts: readonly string[]): readonly Item[] {
  return onlyStep(...parts).items.filter((item) => item.kind !== 'prose' || !item.markdown.startsWith('## It'))
}
