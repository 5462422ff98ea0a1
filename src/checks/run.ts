import { z } from 'zod'
import { compileExpected, type DiffLine, matchExpected } from '../lab/expected.ts'
import { sanitize } from '../sanitize.ts'
import { defineCheck } from './check.ts'
import { runShell } from './shell.ts'
import { placeSchema } from './subjects.ts'

export interface RunSeen {
  readonly status: number
  readonly output: string
}

/** The way out when no kind fits: any command, by its exit status and output. */
export const run = defineCheck({
  kind: 'run',
  tools: ['bash'],
  schema: z.strictObject({
    run: z.string().min(1).describe('a command line for bash'),
    in: placeSchema.default('host'),
    exit: z.union([z.int().min(0).max(255), z.literal('any')]).default(0),
    output: z
      .string()
      .optional()
      .refine((text) => text === undefined || compileExpected(text).problems.length === 0, {
        error: 'this is not a valid expected output',
      })
      .describe('expected output, with the placeholders of output blocks'),
  }),
  within: () => 0,
  // It may be anything: these are the programs that labs send packets with.
  sends: ({ run: line }) =>
    /\b(?:ping6?|arping|curl|wget|nc|ncat|telnet|traceroute|tracepath|mtr|dig|nslookup|host|ssh|hping3)\b/.test(line),
  acts: () => true,
  async observe({ run: line, in: place, exit }, probe): Promise<RunSeen> {
    const { status, stdout } = await runShell(probe, place, line, 30_000, exit === 126 || exit === 127)
    return { status, output: sanitize(stdout) }
  },
  judge({ run: command, exit, output }, seen, remembered) {
    const rightStatus = exit === 'any' || seen.status === exit
    const match =
      output === undefined ? undefined : matchExpected(compileExpected(output).pattern, seen.output, remembered)
    const expected = [
      `\`${command.trim()}\` ends with status ${exit}`,
      ...(output === undefined ? [] : ['and prints what is expected']),
    ]
    const actual = [
      `status ${seen.status}`,
      ...(match && !match.matched ? [`output differs:\n${diffText(match.diff)}`] : []),
    ]
    return {
      holds: rightStatus && match?.matched !== false,
      expected: expected.join(' '),
      actual: actual.join(', '),
      ...(match ? { remembered: match.remembered } : {}),
    }
  },
})

function diffText(diff: readonly DiffLine[]): string {
  const signs = { same: ' ', any: ' ', missing: '-', unexpected: '+' }
  return diff.map(({ kind, text }) => `${signs[kind]} ${text}`).join('\n')
}
