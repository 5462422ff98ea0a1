import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compileExpected, matchExpected } from '../../../src/lab/expected.ts'

const match = (expected: string, actual: string) => matchExpected(compileExpected(expected).pattern, actual).matched

/** Words of real outputs without anything that is special in an expected line. */
const word = fc.oneof(
  fc.constantFrom(
    'inet',
    'veth1@veth2:',
    '<LOOPBACK,UP>',
    '10.0.0.1/24',
    'time=0.162',
    '(56)',
    '-',
    '\\d+',
    '$',
    ' ',
    '\t',
  ),
  fc.integer().map(String),
  fc.string({ unit: 'grapheme-ascii', maxLength: 6 }),
)
const plainLine = fc
  .array(word, { maxLength: 8 })
  .map((words) => words.join(' ').replace(/[\r\n]/g, ' '))
  .filter((line) => !/<[^<>]*>|\{\{|^\s*\.\.\.\s*$|^\/.*\/\s*$/.test(line.replaceAll('<LOOPBACK,UP>', '')))
const plainLines = fc.array(plainLine, { maxLength: 12 })

it('an output without special signs matches itself', () => {
  fc.assert(
    fc.property(plainLines, (lines) => {
      expect(match(lines.join('\n'), lines.join('\n'))).toBe(true)
    }),
  )
})

it('... between any two lines changes nothing', () => {
  fc.assert(
    fc.property(plainLines, fc.nat(12), (lines, at) => {
      expect(match(lines.toSpliced(at, 0, '...').join('\n'), lines.join('\n'))).toBe(true)
    }),
  )
})

it('... in place of any lines still matches', () => {
  fc.assert(
    fc.property(plainLines, fc.nat(12), fc.nat(12), (lines, at, count) => {
      expect(match(lines.toSpliced(at, count, '...').join('\n'), lines.join('\n'))).toBe(true)
    }),
  )
})

it('<int> in place of any integer still matches', () => {
  fc.assert(
    fc.property(plainLines, fc.nat(), (lines, pick) => {
      const text = lines.join('\n')
      const integers = [...text.matchAll(/\d+/g)]
      fc.pre(integers.length > 0)
      const { index, 0: integer } = integers[pick % integers.length]!
      expect(match(`${text.slice(0, index)}<int>${text.slice(index + integer.length)}`, text)).toBe(true)
    }),
  )
})

it('never throws, and a diff without differences means a match', () => {
  const special = fc.constantFrom(
    '<*>',
    '<x:*>',
    '{{x}}',
    '<x:int>',
    '<ip>',
    '...',
    '/',
    '/(/',
    '\n',
    '\r\n',
    '\u001b[',
    '<y:z>',
    'a',
    '1',
    ' ',
  )
  const text = fc
    .array(fc.oneof(special, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 25 })
    .map((all) => all.join(''))
  fc.assert(
    fc.property(text, text, (expected, actual) => {
      const { matched, diff } = matchExpected(compileExpected(expected).pattern, actual)
      expect(diff.every(({ kind }) => kind === 'same' || kind === 'any')).toBe(matched)
    }),
    { numRuns: 500 },
  )
})

it('decides as one regular expression for the whole text does', () => {
  const expectedLine = fc.oneof(
    fc.constant('...'),
    fc
      .array(fc.constantFrom('a', 'b', '<*>', '<x:*>', '{{x}}', '<y:*>', '{{y}}'), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('')),
  )
  const actualLine = fc.array(fc.constantFrom('a', 'b'), { maxLength: 4 }).map((letters) => letters.join(''))
  fc.assert(
    fc.property(
      fc.array(expectedLine, { maxLength: 6 }),
      fc.array(actualLine, { maxLength: 6 }),
      (expected, actual) => {
        const text = actual.map((line) => `${line}\n`).join('')
        expect(match(expected.join('\n'), text)).toBe(asExpression(expected).test(text))
      },
    ),
    { numRuns: 3_000 },
  )
})

function asExpression(lines: readonly string[]): RegExp {
  const bound = new Set<string>()
  const sources = lines.map((line) => {
    if (line === '...') return '(?:.*\\n)*'
    const parts = line.replace(/<(?:(\w):)?\*>|\{\{(\w)\}\}/g, (_, name?: string, reference?: string) => {
      const mentioned = name ?? reference
      if (mentioned === undefined) return '.*'
      if (bound.has(mentioned)) return `\\k<${mentioned}>`
      if (reference !== undefined) return '(?!)'
      bound.add(mentioned)
      return `(?<${mentioned}>.*)`
    })
    return `${parts}\\n`
  })
  return new RegExp(`^${sources.join('')}\\n*$`)
}
