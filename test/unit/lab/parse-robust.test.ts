import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatProblem } from '../../../src/lab/problem.ts'
import { parse } from '../../support/lab-text.ts'

const LABS = new URL('../../../labs/', import.meta.url)
const FORMAT = new URL('../../fixtures/format-example.md', import.meta.url)

const texts = [
  readFileSync(FORMAT, 'utf8'),
  ...readdirSync(LABS)
    .filter((name) => /^\d.*\.md$/.test(name))
    .map((name) => readFileSync(new URL(name, LABS), 'utf8')),
]

/** Pieces that mean something to the parser, so that nonsense made of them comes near to a lab. */
const PIECES = [
  '---',
  'labrun: 1',
  '...',
  '\n',
  '\n\n',
  '\r\n',
  '\t',
  ' ',
  '## ',
  '# ',
  '```',
  '~~~',
  '````',
  'sh',
  'console',
  'output',
  'yaml check',
  'yaml question',
  '- ',
  '> ',
  '1. ',
  'ping: a -> b',
  'netns: ',
  'ask: ',
  'answer: ',
  '[',
  ']',
  '{',
  '}',
  '*a',
  '&a ',
  '<<: ',
  '? ',
  '!!',
  '|',
  '"',
  "'",
  '$ ',
  '# ',
  'if true',
  '$(',
  '<<END',
  '<!-- step: ',
  'needs: ',
  ' -->',
  '<details>',
  '<summary>',
  '</details>',
  'solution',
  'exit=',
  'terminal=',
  '/(/',
  '<x:int>',
  '...',
  '\u0000',
  '\ud800',
  '\uFEFF',
  '网',
]

/** Nothing but a result comes out, and every mistake lies in the file and can be shown. */
function isSound(text: string): void {
  const { problems, source, lab } = parse(text)
  if (!lab) expect(problems).not.toEqual([])
  for (const problem of problems) {
    const { line, column, length } = problem
    expect(line).toBeGreaterThanOrEqual(1)
    expect(line).toBeLessThanOrEqual(source.length)
    const width = source[line - 1]!.length
    expect(column).toBeGreaterThanOrEqual(1)
    expect(column).toBeLessThanOrEqual(width + 1)
    expect(length).toBeGreaterThanOrEqual(1)
    expect(column + length - 1).toBeLessThanOrEqual(Math.max(width, column))
    expect(formatProblem(problem, source)).toContain('^')
  }
}

describe('whatever the text', () => {
  test('of any characters', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), isSound), { numRuns: 300 })
  })

  test('of pieces of labs', () => {
    const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((some) => some.join(''))
    fc.assert(fc.property(pieces, isSound), { numRuns: 600 })
  })

  test('of pieces of labs in a check block', () => {
    const lines = fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((some) => some.join(''))
    const labs = lines.map((body) => `---\nlabrun: 1\n---\n## A\n\n\`\`\`yaml check\n- ${body}\n\`\`\`\n`)
    fc.assert(fc.property(labs, isSound), { numRuns: 600 })
  })
})

describe('a real lab', () => {
  test.each(texts.map((text) => [/^title: (.*)/m.exec(text)![1], text]))('%s is without a mistake', (_title, text) => {
    expect(parse(text).problems).toEqual([])
  })

  interface Change {
    readonly how: 'delete' | 'insert' | 'repeat' | 'cut' | 'swap'
    readonly at: number
    readonly piece: string
  }

  const change = fc.record<Change>({
    how: fc.constantFrom('delete', 'insert', 'repeat', 'cut', 'swap'),
    at: fc.nat(),
    piece: fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 12 })),
  })

  function changed(text: string, changes: readonly Change[]): string {
    const lines = text.split('\n')
    for (const { how, at, piece } of changes) {
      const index = at % Math.max(1, lines.length)
      const line = lines[index] ?? ''
      if (how === 'delete') lines.splice(index, 1)
      else if (how === 'insert') lines.splice(index, 0, piece)
      else if (how === 'repeat') lines.splice(index, 0, line)
      else if (how === 'cut') lines[index] = line.slice(0, at % (line.length + 1)) + piece
      else lines[index] = line.replace(/\S+/, piece.replaceAll('$', '$$$$'))
    }
    return lines.join('\n')
  }

  test.each(texts.map((text) => [/^title: (.*)/m.exec(text)![1], text]))('%s, with lines changed', (_title, text) => {
    const labs = fc.array(change, { minLength: 1, maxLength: 6 }).map((changes) => changed(text, changes))
    fc.assert(fc.property(labs, isSound), { numRuns: 60 })
  })
})
