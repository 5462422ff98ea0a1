import { z } from 'zod'

// Compiling schemas to code pays only where thousands of values are checked; here it would delay every start.
z.config({ jitless: true })

/** `20s`, `300ms`, `2m` or a number of seconds, to milliseconds; undefined if it is none of these. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text)
  if (!match) return undefined
  return Number(match[1]) * { ms: 1, s: 1000, m: 60_000 }[match[2] ?? 's']!
}

const EXPECTED = 'expected a time such as 5s or 300ms'

/** In a schema: a duration as text, or a number of seconds. */
export const durationSchema = z
  .union(
    [z.string().regex(/^\d+(\.\d+)?(ms|s|m)?$/, { error: EXPECTED }), z.number().nonnegative({ error: EXPECTED })],
    {
      error: EXPECTED,
    },
  )
  .describe('a time: 300ms, 5s, 2m, or a number of seconds')
