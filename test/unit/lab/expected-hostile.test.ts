import { describe, expect, it } from 'vitest'
import { compileExpected, compileLine, matchExpected, matchLine } from '../../../src/lab/expected.ts'

// Only coarsely about time: each of these would run for minutes or for ever if it backtracked without bound.

const match = (expected: string, actual: string) => matchExpected(compileExpected(expected).pattern, actual)
const matches = (pattern: string, line: string) =>
  matchLine(compileLine(pattern).pattern, line, new Map()) !== undefined
const lines = (count: number) => Array.from({ length: count }, (_, i) => `line ${i} of the output`)

describe('long lines', () => {
  const long = 'a'.repeat(2 ** 20)

  it('are compared with many <*>', () => {
    expect(matches('<*><*><*>'.repeat(1_000), long)).toBe(true)
    expect(matches('<*>a'.repeat(1_000), long)).toBe(true)
    expect(matches(`${'<*>a'.repeat(1_000)}b`, long)).toBe(false)
    expect(matches('<*>b<*>', `${long}b${long}`)).toBe(true)
    expect(matches('<*> a', `${long} ${long} a`)).toBe(true)
  })

  it('are only compared literally with other placeholders', () => {
    expect(matches('a<*> <int>', `${long} 5`)).toBe(false)
    expect(matches('a<*> <int>', `${'a'.repeat(60_000)} 5`)).toBe(true)
    expect(matches(`${long} `, long)).toBe(true)
    expect(matches('/a*/', long)).toBe(false)
  })

  it('with values in many places end', () => {
    expect(matches(`${'<*>a<int>'.repeat(20)}b`, 'a1'.repeat(32_000))).toBe(false)
    expect(matches(Array.from({ length: 20 }, (_, i) => `<x${i}:*>a{{x${i}}}`).join(''), 'a1'.repeat(32_000))).toBe(
      false,
    )
    expect(matches(`${'<int>1'.repeat(30)}x`, '1'.repeat(60_000))).toBe(false)
    expect(matches('<*><ip>x', '1:'.repeat(32_000))).toBe(false)
    expect(matches('<*><hex>f<*>x', 'f'.repeat(64_000))).toBe(false)
  })

  it('of half escape sequences and carriage returns end', () => {
    expect(matches('a', `\u001b${';?'.repeat(500_000)}`)).toBe(false)
    expect(matches('a', `${'\r'.repeat(2 ** 20)}x`)).toBe(false)
    expect(matches('a', `${' \t'.repeat(2 ** 20)}x`)).toBe(false)
  })
})

describe('regular expressions', () => {
  it('that hang are given up, and the diff says so', () => {
    const { matched, diff } = match('up\n/(a+)+/\ndown', `up\n${'a'.repeat(50)}!\ndown`)
    expect(matched).toBe(false)
    expect(diff).toEqual([
      { kind: 'same', text: 'up' },
      { kind: 'missing', text: '/(a+)+/ (given up: this expression takes too long)' },
      { kind: 'unexpected', text: `${'a'.repeat(50)}!` },
      { kind: 'same', text: 'down' },
    ])
    expect(matches('/(a+)+/', `${'a'.repeat(50)}!`)).toBe(false)
  })

  it('that hang on many lines are given up together', () => {
    const slow = Array.from({ length: 50 }, (_, i) => `...\n/(a+)+${i}/`).join('\n')
    expect(match(slow, `${'a'.repeat(50)}!\n`.repeat(1_000)).matched).toBe(false)
  })

  it('that hang on other lines do not spoil a match', () => {
    const output = [...lines(2), `${'a'.repeat(50)}!`]
    expect(
      match('/(l|a+)+.*1 .*|(a+)+/\n...', `${output.toReversed().slice(1).join('\n')}\n${output[2]}`).matched,
    ).toBe(true)
  })

  it('are quick on many lines', () => {
    const output = lines(100_000).join('\n')
    expect(match('...\n/line 9999\\d of .*/\n...', output).matched).toBe(true)
    expect(match('...\n/line 9999\\d off .*/\n...', output).matched).toBe(false)
  })

  it('reach nothing outside', () => {
    expect(matches('/(?<constructor>.)[^]*/', 'x')).toBe(true)
  })
})

describe('many lines', () => {
  const output = lines(100_000)

  it('match', () => {
    expect(match(output.join('\n'), output.join('\n')).matched).toBe(true)
    expect(match('...\nline 5 of the output\n...\nline <int> of the output', output.join('\n')).matched).toBe(true)
    expect(match('...\n<n:int>\n...\n{{n}} end', `${output.slice(0, 20_000).join('\n')}\n7\n7 end`).matched).toBe(true)
  })

  it('give a short diff around one difference', () => {
    const { matched, diff } = match(output.join('\n'), output.with(50_000, 'other').join('\n'))
    expect(matched).toBe(false)
    expect(diff.length).toBeLessThan(500)
    expect(diff.filter(({ kind }) => kind !== 'same')).toEqual([
      { kind: 'missing', text: 'line 50000 of the output' },
      { kind: 'unexpected', text: 'other' },
    ])
  })

  it('give a bounded diff where all is different', () => {
    const { diff } = match(output.map((line) => `${line}!`).join('\n'), output.join('\n'))
    expect(diff.length).toBeLessThan(5_000)
    expect(diff).toContainEqual({ kind: 'any', text: '(… 98000 expected lines not compared)' })
    expect(diff).toContainEqual({ kind: 'any', text: '(… 98000 lines not compared)' })
  })

  it('and many ... end', () => {
    expect(match(`${'...\na\n'.repeat(2_000)}b`, 'a\n'.repeat(100_000)).matched).toBe(false)
    expect(match(`${'...\n<*>\na\n'.repeat(2_000)}...`, 'a\n'.repeat(100_000)).matched).toBe(true)
  })

  it('with too many ways to remember are given up, and the diff says so', () => {
    const expected = Array.from({ length: 500 }, (_, i) => `...\n<x${i}:*>\n...\n{{x${i}}}`).join('\n')
    const { matched, diff } = match(`${expected}\nb`, 'a\nb\nc\nd\n'.repeat(20_000))
    expect(matched).toBe(false)
    expect(diff[0]!.text).toMatch(/^\(given up: /)
  })

  it('with many names end', () => {
    const names = Array.from({ length: 5_000 }, (_, i) => i)
    const expected = [...names.map((i) => `<x${i}:int>`), ...names.map((i) => `{{x${i}}}`)].join('\n')
    expect(match(expected, [...names, ...names].join('\n')).matched).toBe(true)
  })
})
