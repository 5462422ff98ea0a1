import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { editLines } from '../../../src/author/edit-lines.ts'
import { labEdits } from '../../../src/author/lab-edits.ts'
import { blocksOf, type Observation } from '../../../src/author/observe.ts'
import { matchExpected, type Remembered } from '../../../src/lab/expected.ts'
import type { Block, Lab } from '../../../src/lab/lab.ts'
import type { BlockResult, CommandResult } from '../../../src/run/results.ts'
import { parse } from '../../support/lab-text.ts'
import { oldLines, outputsOf } from './outputs.ts'

/** A block of a lab: where it stands, what is expected, and what it prints in each run. */
interface Piece {
  readonly form: 'sh' | 'console'
  readonly frame: keyof typeof FRAMES
  readonly markup: string
  readonly old: readonly string[]
  readonly exit: readonly string[]
  readonly blank: readonly string[]
  readonly outputs: readonly string[]
}

/** What stands before the lines of a block, its first line first. */
const FRAMES = {
  margin: ['', ''],
  list: ['- ', '  '],
  numbered: ['12. ', '    '],
  quotation: ['> ', '> '],
  'list in a quotation': ['> * ', '>   '],
  indented: ['   ', '   '],
} as const

const RUNS = 2

const piece: fc.Arbitrary<Piece> = fc.record({
  form: fc.constantFrom('sh', 'console'),
  frame: fc.constantFrom(...(Object.keys(FRAMES) as (keyof typeof FRAMES)[])),
  markup: fc.constantFrom('```', '`````', '~~~'),
  old: oldLines,
  exit: fc.constantFrom([], ['[exit 3]'], ['[exit 0]']),
  blank: fc.constantFrom([], [''], ['', '']),
  outputs: outputsOf(RUNS),
})

const prose = fc.constantFrom(
  'Some text  ',
  '\tWith a tab',
  'Ünïcödé ✓',
  '<!-- a comment -->',
  '| a | b |',
  '',
  'Invalid: \u00ff\u00fe',
)

/** The bytes of a lab: `\u00ff` and `\u00fe` in its prose are bytes that no UTF-8 text has. */
function bytesOf(pieces: readonly Piece[], words: readonly string[], ends: readonly string[]): Buffer {
  const lines = ['---', 'labrun: 1', '---', '', '## It', '']
  for (const [index, one] of pieces.entries()) {
    lines.push(words[index % words.length]!.trimStart(), '', 'A paragraph.', '', ...framed(one), '', '<!-- -->', '')
  }
  const text = lines.map((line, index) => `${line}${ends[index % ends.length]}`).join('')
  return Buffer.concat(
    [...text].map((character) =>
      /[\u00fe\u00ff]/.test(character) ? Buffer.from(character, 'latin1') : Buffer.from(character),
    ),
  )
}

function framed({ form, frame, markup, old, exit, blank }: Piece): string[] {
  const [first, rest] = FRAMES[frame]
  const content = old.filter((line) => form === 'sh' || !/^[$#>]/.test(line))
  const block = (lines: readonly string[], before: string) =>
    lines.map((line, index) => `${index === 0 ? before : rest}${line}`.replace(/^(>?) +$/, '$1'))
  if (form === 'console') {
    return block([`${markup}console`, '# true', ...content, ...blank, ...exit, ...blank, '$ true', markup], first)
  }
  return [
    ...block([`${markup}sh`, 'true', markup], first),
    rest.trimEnd(),
    ...block([`${markup}output`, ...content, ...blank, markup], rest),
  ]
}

function observation(lab: Lab, pieces: readonly Piece[], run: number): Observation {
  const blocks = blocksOf(lab).map((block, index) => resultOf(block, pieces[index]!.outputs[run]!, pieces[index]!.exit))
  return { result: undefined as never, blocks, order: [...blocks.keys()], remembered: new Map() }
}

function resultOf({ line, terminal, commands }: Block, output: string, status: readonly string[]): BlockResult {
  const base = { terminal, status: 'passed', reason: null, diff: null } as const
  const results = commands.map((command, index): CommandResult => {
    const own = index === 0 ? output : ''
    const exit = index === 0 && status.length > 0 ? 3 : 0
    return { text: command.text, line: command.line, exit, output: own, compared: false, duration: 0, ...base }
  })
  return { line, commands: results, exit: 0, output, outputStatus: null, outputLine: null, ...base }
}

/** All lines of a file but those that tell what is expected. */
function others(bytes: Buffer): string[] {
  const { lab } = parse(bytes.toString())
  const lines = bytes.toString('latin1').match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? []
  const own = blocksOf(lab!).flatMap(({ expected, commands }) => [
    expected,
    ...commands.map((command) => command.expected),
  ])
  for (const one of own) if (one) for (const index of one.lines.keys()) lines[one.line - 1 + index] = ''
  return lines.filter((line) => line !== '')
}

/** Whether every output is as expected, in the order of the text. */
function passes(lab: Lab, pieces: readonly Piece[], run: number): boolean {
  let known: Remembered = new Map()
  return blocksOf(lab).every(({ expected, commands }, index) =>
    [expected ?? commands[0]!.expected, expected ? undefined : commands[1]?.expected].every((one, command) => {
      const match = one
        ? matchExpected(one.pattern, command === 0 ? pieces[index]!.outputs[run]! : '', known)
        : undefined
      known = match?.remembered ?? known
      return match?.matched ?? true
    }),
  )
}

test('only what is expected changes, to the byte; then all runs pass, and a second time nothing changes', () => {
  const ends = fc.constantFrom(['\n'], ['\r\n'], ['\n', '\r\n'])
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 1, maxLength: 4 }),
      fc.array(prose, { minLength: 1, maxLength: 3 }),
      ends,
      (pieces, words, end) => {
        const bytes = bytesOf(pieces, words, end)
        const { lab, problems } = parse(bytes.toString())
        fc.pre(lab !== undefined && problems.length === 0 && blocksOf(lab).length === pieces.length)
        const runs = Array.from({ length: RUNS }, (_, run) => observation(lab, pieces, run))
        const updated = editLines(bytes, labEdits(lab, runs))
        expect(others(updated)).toEqual(others(bytes))
        const after = parse(updated.toString())
        expect(after.problems).toEqual([])
        for (const run of runs.keys()) expect(passes(after.lab!, pieces, run)).toBe(true)
        expect(labEdits(after.lab!, runs)).toEqual([])
      },
    ),
    { numRuns: 300 },
  )
})

describe('where the expected output stands', () => {
  const update = (text: string, output: string, exit = 0) => {
    const { lab, problems } = parse(text)
    expect(problems).toEqual([])
    const [first, ...rest] = blocksOf(lab!).map((block) => resultOf(block, output, exit === 0 ? [] : ['3']))
    const run = {
      result: undefined as never,
      blocks: [first!, ...rest],
      order: [0, ...rest.keys()],
      remembered: new Map(),
    }
    return editLines(Buffer.from(text), labEdits(lab!, [run, run])).toString()
  }
  const HEAD = '---\nlabrun: 1\n---\n\n## It\n\n'

  test('an empty block is filled', () => {
    expect(update(`${HEAD}\`\`\`sh\ntrue\n\`\`\`\n\n\`\`\`output\n\`\`\`\n`, 'a\n\nb\n')).toBe(
      `${HEAD}\`\`\`sh\ntrue\n\`\`\`\n\n\`\`\`output\na\n\nb\n\`\`\`\n`,
    )
  })

  test('a transcript keeps the blank line before the next command, and the place of its status', () => {
    const text = `${HEAD}\`\`\`console\n# true\nold\n\n[exit 1]\n\n# true\n\`\`\`\n`
    expect(update(text, 'new\n', 3)).toBe(`${HEAD}\`\`\`console\n# true\nnew\n\n[exit 3]\n\n# true\n\`\`\`\n`)
  })

  test('a status that is 0 now is taken away', () => {
    const text = `${HEAD}\`\`\`console\n# true\nold\n[exit 1]\n\`\`\`\n`
    expect(update(text, 'new\n')).toBe(`${HEAD}\`\`\`console\n# true\nnew\n\`\`\`\n`)
  })

  test('lines in a quotation keep their sign, also empty ones', () => {
    const text = `${HEAD}> \`\`\`console\n> # true\n> old\n> \`\`\`\n`
    expect(update(text, 'a\n\nb\n')).toBe(`${HEAD}> \`\`\`console\n> # true\n> a\n>\n> b\n> \`\`\`\n`)
  })
})
