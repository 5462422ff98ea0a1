import { describe, expect, test } from 'vitest'
import { checks } from '../../../src/checks/index.ts'
import { parseLab, parseLabOrThrow } from '../../../src/lab/parse.ts'
import { formatProblem, LabError } from '../../../src/lab/problem.ts'
import { fence, frontMatter, oneStep, parse } from '../../support/lab-text.ts'
import { PROBLEM_CASES } from './problem-cases.ts'

interface Mark {
  readonly line: number
  readonly column: number
  readonly text: string
}

/** Takes « and » away, and tells what stood between them and where. */
function unmark(marked: string): { text: string; mark: Mark } {
  const lines = marked.split('\n')
  const index = lines.findIndex((line) => line.includes('«'))
  const [before = '', text = '', after = ''] = lines[index]!.split(/[«»]/)
  lines[index] = before + text + after
  return { text: lines.join('\n'), mark: { line: index + 1, column: before.length + 1, text } }
}

for (const [code, cases] of Object.entries(PROBLEM_CASES)) {
  describe(code, () => {
    test.each(cases)('$says ($lab)', ({ lab, says, suggests }) => {
      const { text, mark } = unmark(lab)
      const { problems, source } = parse(text)
      expect(problems.map((problem) => problem.code)).toEqual([code])
      const [problem] = problems
      expect(problem).toMatchObject({ file: 'demo.md', line: mark.line, column: mark.column, message: says })
      expect(problem!.length).toBe(Math.max(1, mark.text.length))
      if (suggests) expect(problem!.suggestion).toBe(suggests)

      const [head, shown, underlined, ...rest] = formatProblem(problem!, source).split('\n')
      expect(head).toBe(`demo.md:${mark.line}:${mark.column}: ${says}`)
      expect(shown).toBe(`  ${mark.line} | ${source[mark.line - 1]}`)
      const [from, to] = [underlined!.indexOf('^'), underlined!.lastIndexOf('^') + 1]
      expect(shown!.slice(from, to)).toBe(mark.text)
      expect(rest).toEqual(
        problem!.suggestion ? [`  ${' '.repeat(String(mark.line).length)} = ${problem!.suggestion}`] : [],
      )
    })
  })
}

const MANY = [
  frontMatter('titel: x', 'machine: cloud'),
  '## One',
  '',
  '<!-- step: one pionts: 3 -->',
  fence('sh setpu exit=many', 'if true; then'),
  fence('yaml check', '- pnig: a -> 10.0.0.1', '- link: a/b', '  stat: up', '- just words'),
  '## Two',
  fence('output', '<x:nothing>'),
  '<details>',
].join('\n')

test('all mistakes of a file are found at once, in the order of the file', () => {
  const { problems, lab } = parse(MANY)
  expect(lab).toBeUndefined()
  expect(problems.map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual([
    '3:1 unknown-key',
    '4:10 wrong-value',
    '9:16 unknown-key',
    '11:7 unknown-attribute',
    '11:13 bad-attribute',
    '12:1 unfinished-command',
    '17:3 check-without-kind',
    '19:3 unknown-key',
    '20:3 check-not-a-mapping',
    '25:1 output-without-block',
    '26:1 bad-pattern',
    '29:1 details-open',
  ])
})

test('a lab that is asked for without mistakes is refused with all of them', () => {
  const refused = () => parseLabOrThrow(MANY, 'many.md', checks)
  expect(refused).toThrow(LabError)
  expect(refused).toThrow(/^many\.md:3:1: unknown key `titel`[\s\S]*many\.md:29:1: this <details> is not closed/)
})

test('a file with the line ends of Windows, or of an old Mac, has its mistakes in the same places', () => {
  const places = (text: string) => parse(text).problems.map(({ line, column, length }) => [line, column, length])
  expect(places(MANY.replaceAll('\n', '\r\n'))).toEqual(places(MANY))
  expect(places(MANY.replaceAll('\n', '\r'))).toEqual(places(MANY))
  expect(places(`\uFEFF${MANY}`)).toEqual(places(MANY))
})

test('a tab before a mistake is a tab under it too', () => {
  const text = oneStep('', '-\tDo this:', '', '\t```yaml check', '\t- pnig: x', '\t```')
  const { problems, source } = parse(text)
  expect(formatProblem(problems[0]!, source).split('\n').slice(1, 3)).toEqual(['  9 | \t- pnig: x', '    | \t  ^^^^'])
})

test.each([
  ['a list', '1. do this\n\n   ```yaml check\n   - pnig: x\n   ```', { line: 8, column: 6 }],
  ['a quotation', '> ```yaml check\n> - pnig: x\n> ```', { line: 6, column: 5 }],
  ['a list in a list', '- a\n  - b\n\n    ~~~yaml check\n    - pnig: x\n    ~~~', { line: 9, column: 7 }],
])('a mistake inside %s is underlined where it is', (_where, body, place) => {
  const { problems } = parse(oneStep(body))
  expect(problems).toMatchObject([{ code: 'check-without-kind', ...place, length: 4 }])
})

test('of a very long line the part around the mistake is shown', () => {
  const { problems, source } = parse(oneStep(fence('yaml check', `- netns: [${'name, '.repeat(300)}"a b"]`)))
  const [, shown, underlined] = formatProblem(problems[0]!, source).split('\n')
  expect(shown!.length).toBeLessThan(600)
  expect(shown!.slice(underlined!.indexOf('^'), underlined!.lastIndexOf('^') + 1)).toBe('"a b"')
})

test('what a file could do to a terminal is not done by showing its mistakes', () => {
  const { problems, source } = parse(oneStep(fence('sh \u001b[2Jword\u202e', 'true')))
  expect(formatProblem(problems[0]!, source)).not.toMatch(/[\u001b\u202e]/)
})

test('an empty file has one mistake, at its beginning', () => {
  const { problems, source } = parseLab('', 'empty.md', checks)
  expect(formatProblem(problems[0]!, source)).toMatch(
    /^empty\.md:1:1: a lab begins with front matter.*\n {2}1 \| \n {4}\| \^$/,
  )
})
