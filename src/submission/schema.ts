import { z } from 'zod'
import { FILES } from './unzip.ts'

const hex = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits')
const name = z.string().min(1).max(200)
const time = z.iso.datetime()
/** Characters of what a person types at once. */
const typed = z.string().max(64 << 10)
const status = z.enum(['passed', 'failed', 'blocked', 'error', 'skipped'])

/** What is in a submission, and what its lab is. */
export const manifestSchema = z.strictObject({
  labrun: z.literal('submission'),
  version: z.literal(1),
  lab: name,
  /** Of the student's edition of the lab. */
  digest: hex,
  /** ISO 8601. */
  created: time,
  by: name,
  /** SHA-256 of each other file, in hex. */
  files: z.partialRecord(z.enum(FILES.filter((file) => file !== 'manifest.json')), hex),
})

/** Work, as in work.ts. */
export const workSchema = z.strictObject({
  steps: z
    .array(
      z.strictObject({
        id: name,
        commands: z
          .array(
            z.strictObject({
              terminal: z.string().regex(/^[\w.-]{1,64}$/, 'expected the name of a terminal'),
              text: typed,
              background: z.boolean().optional(),
              exit: z.int().min(0).max(255).nullable(),
              at: time.nullable(),
            }),
          )
          .max(5000),
        answers: z
          .array(
            z.strictObject({ line: z.int().positive(), ask: z.string().max(10_000), text: z.string().max(10_000) }),
          )
          .max(200),
      }),
    )
    .max(500),
})

/** What the replay on the student's own machine came to. The student is root there: it is advice, and no grade. */
export const adviceSchema = z.strictObject({
  labrun: z.literal('advice'),
  version: z.literal(1),
  note: z.string().max(500),
  status,
  /** Why the replay could not be done, or not to its end. */
  trouble: z.string().max(2000).nullable(),
  steps: z
    .array(
      z.strictObject({
        id: name,
        status,
        checks: z
          .array(
            z.strictObject({
              kind: name,
              label: z.string().max(2000),
              line: z.int(),
              column: z.int(),
              status,
              actual: z.string().max(2000),
              diagnosis: z.string().max(2000).nullable(),
            }),
          )
          .max(1000),
        answers: z.array(z.strictObject({ line: z.int(), right: z.boolean().nullable() })).max(200),
      }),
    )
    .max(500),
})

export type Manifest = z.infer<typeof manifestSchema>
export type Advice = z.infer<typeof adviceSchema>
