// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is bash
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitCommands } from '../../../src/lab/commands.ts'
import { areComplete, promptsOf } from './bash.ts'
import { INVALID, VALID, VALID_WITH_EXTGLOB } from './command-cases.ts'
import { shellTexts } from './command-texts.ts'

const TEXTS = [...VALID.map(({ block }) => block), ...fc.sample(shellTexts, { seed: 20, numRuns: 250 })]
// `bash -n` costs a process for each text, so it sees the shorter part.
const COMMANDS = [...new Set(TEXTS.slice(0, VALID.length + 20).flatMap(commandsOf))]

describe('splitCommands', () => {
  it.each([...VALID, ...VALID_WITH_EXTGLOB, ...INVALID])('$block', ({ block, commands, unfinished }) => {
    const split = splitCommands(block)
    expect(split.commands.map((command) => command.text)).toEqual(commands)
    expect(split.unfinished && `${split.unfinished.line} ${split.unfinished.construct}`).toBe(unfinished)
    expectEveryLine(block)
  })

  it('gives the line on which a command begins', () => {
    const { commands } = splitCommands('\n# a\nls |\nwc\n\nif true\nthen :; fi\nip addr')
    expect(commands.map((command) => command.line)).toEqual([2, 5, 7])
  })

  it('accounts for every line of any text', () => {
    const piece = fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 3 }))
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
        expectEveryLine,
      ),
      { seed: 20, numRuns: 1000 },
    )
  })

  it.each(['(', '((', '$(', '$((', '${', '`', '"$(', 'if ', '{ ', 'case x in a) ', '[[ ( ', '<<E ', 'a=(', '(( $( '])(
    'reads a deep nest of %j',
    (opener) => {
      const depth = 500
      expect(splitCommands(opener.repeat(depth)).commands).toHaveLength(1)
      expectEveryLine(`${opener.repeat(depth)}\n${' ) '.repeat(depth)}\n`)
    },
  )
})

describe('splitCommands and bash', () => {
  it('takes for a command only what is complete for bash', async () => {
    const complete = await areComplete(COMMANDS)
    expect(COMMANDS.filter((_, index) => !complete[index])).toEqual([])
  })

  it('goes on as long as bash does', async () => {
    const prefixes = [...new Set(COMMANDS.flatMap(properPrefixes))]
    const complete = await areComplete(prefixes)
    expect(prefixes.length).toBeGreaterThan(300)
    expect(prefixes.filter((_, index) => complete[index])).toEqual([])
  })

  it('breaks valid text where an interactive bash asks for the next command', async () => {
    const texts = TEXTS.filter((text) => !JOINED_HERE_DOC.test(text)).map((text) => text.replace(/\n?$/, '\n'))
    const prompts = await promptsOf(texts.join(''))
    const wrong = texts.filter((text) => {
      const expected = newCommands(text)
      return !isDeepStrictEqual(prompts.splice(0, expected.length), expected)
    })
    // One wrong text may shift the prompts of all that follow.
    expect(wrong.slice(0, 1)).toEqual([])
    expect(prompts).toEqual([])
  })

  it.each(INVALID.filter(({ unfinished }) => !unfinished))('breaks $block where bash does', async ({ block }) => {
    expect(newCommands(`${block}\n`)).toEqual(await promptsOf(`${block}\n`))
  })
})

// Bash does not prompt for the second half of such a line.
const JOINED_HERE_DOC = /<<EOF\n.*\\\n/

const PIECES = (
  "' \" ` \\ \\\n $( ${ $(( $[ $' ( ) (( )) { } [[ ]] [ ] a=( a[ @( =~ == && || | |& ; ;; & > < << <<- <<< <( # $$ ! " +
  'if then elif else fi for select in do while until done case esac function time coproc declare f() x=1 a b E EOF'
)
  .split(' ')
  .concat(' ', ' ', ' ', '\n', '\n', '\n', '\t', '<<E\nE\n')

function expectEveryLine(block: string): void {
  const { commands, unfinished } = splitCommands(block)
  const lines = block.replace(/\n$/, '').split('\n')
  let next = 0
  for (const { text, line } of commands) {
    const length = text.split('\n').length
    expect(line).toBeGreaterThanOrEqual(next)
    expect(text).toBe(lines.slice(line, line + length).join('\n'))
    expectDropped(lines.slice(next, line))
    next = line + length
  }
  expectDropped(lines.slice(next))
  if (!unfinished) return
  expect(unfinished.line).toBeGreaterThanOrEqual(commands.at(-1)!.line)
  expect(unfinished.line).toBeLessThan(next)
}

function expectDropped(lines: readonly string[]): void {
  for (const line of lines) expect(line).toMatch(/^[ \t]*(#.*)?$/s)
}

function commandsOf(text: string): string[] {
  return splitCommands(text).commands.map((command) => command.text)
}

/**
 * The first lines of a command, for every number of lines. Not up to a backslash: there `bash -n` takes the end of the
 * text for the end of the line, and the prompts of an interactive bash are the judge.
 */
function properPrefixes(command: string): string[] {
  const lines = command.split('\n')
  return lines
    .slice(0, -1)
    .flatMap((line, index) => (line.endsWith('\\') ? [] : [lines.slice(0, index + 1).join('\n')]))
}

/** For each line: whether it begins a command, or stands between two. */
function newCommands(text: string): boolean[] {
  const isNew = text
    .split('\n')
    .slice(0, -1)
    .map(() => true)
  for (const { text: command, line } of splitCommands(text).commands) {
    isNew.fill(false, line + 1, line + command.split('\n').length)
  }
  return isNew
}
