import type { Reporter } from './reporter.ts'

/** All reporters, by name; each is loaded when it is asked for. */
export const reporters = {
  text: async () => (await import('./text.ts')).text,
  json: async () => (await import('./json.ts')).json,
  events: async () => (await import('./json.ts')).events,
  junit: async () => (await import('./junit.ts')).junit,
  github: async () => (await import('./github.ts')).github,
} satisfies Record<string, () => Promise<Reporter>>

export type ReporterName = keyof typeof reporters

/** One reporter and the file that it writes to; without a file, standard output. */
export interface ReporterChoice<Name = ReporterName> {
  readonly name: Name
  file?: string
}
