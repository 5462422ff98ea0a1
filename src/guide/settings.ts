import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { stateFolder } from '../state.ts'
import { replaceFile } from './durable.ts'

const schema = z.object({
  version: z.literal(1),
  /** The map is drawn after each step that changes it. */
  map: z.boolean(),
})

/** What a student has chosen for all labs. */
export type Settings = Readonly<Omit<z.infer<typeof schema>, 'version'>>

const DEFAULTS: Settings = { map: true }

/** Chosen in this process; a disk that takes nothing does not undo it. */
let chosen: Settings | undefined

/** A file that cannot be understood counts as none: there is nothing in it that anybody has made. */
export function readSettings(): Settings {
  if (chosen) return chosen
  try {
    return schema.parse(JSON.parse(readFileSync(file(), 'utf8')))
  } catch {
    return DEFAULTS
  }
}

/** Resolves to what kept it from being written, if anything. */
export function writeSettings(settings: Settings): string | undefined {
  chosen = settings
  try {
    replaceFile(file(), `${JSON.stringify({ version: 1, ...settings })}\n`)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

function file(): string {
  return stateFolder('settings.json')
}
