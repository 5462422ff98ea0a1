import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Probe } from '../checks/check.ts'
import { shellLine } from '../checks/shell.ts'
import { ProbeError, type ProbeOptions, type ProbeResult } from '../world/probes.ts'
import type { World } from '../world/world.ts'
import type { Evidence } from './results.ts'

/** What programs have said at one moment, for what may be shared: by place and command. */
export type Moment = Map<string, Promise<ProbeResult>>

export interface Looking {
  readonly world: World
  /** A folder for what is worth keeping, such as captured packets; undefined: nothing is kept. */
  readonly artefacts: string | undefined
  /** Undefined: nothing is shared. */
  readonly moment?: Moment
}

/** The eyes of one check; what they have seen is in `evidence`. */
export function recordingProbe({ world, artefacts, moment }: Looking): { probe: Probe; evidence: Evidence[] } {
  const evidence: Evidence[] = []
  const probe: Probe = {
    async run(place, command, options) {
      const typed = asTyped(world, place, command)
      try {
        const result = await atMoment(moment, place, command, options, () => world.probe(place, command, options))
        evidence.push({ command: typed, status: result.status, output: `${result.stdout}${result.stderr}` })
        return result
      } catch (error) {
        if (error instanceof ProbeError) evidence.push({ command: typed, status: null, output: error.message })
        throw error
      }
    },
    start: (place, command) => world.start(place, command),
    namespaceId: (place, other) => world.namespaceId(place, other),
    outside: world.outside,
    shared: (key, make) => world.shared(key, make),
    note: (command, output) => void evidence.push({ command, status: 0, output }),
    keep: (name, bytes) => (artefacts ? keepArtefact(artefacts, name, bytes) : undefined),
  }
  return { probe, evidence }
}

async function atMoment(
  moment: Moment | undefined,
  place: string,
  command: readonly string[],
  options: ProbeOptions | undefined,
  ask: () => Promise<ProbeResult>,
): Promise<ProbeResult> {
  if (!moment || !options?.shareable) return await ask()
  const key = JSON.stringify([place, ...command])
  const answer = moment.get(key) ?? ask()
  moment.set(key, answer)
  return await answer
}

/** A full disk must not change a verdict: then nothing is kept. */
function keepArtefact(folder: string, name: string, bytes: Uint8Array): string | undefined {
  const file = join(folder, name.replace(/[^\w.-]+/g, '_'))
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, bytes)
    return file
  } catch {
    return undefined
  }
}

/** As a person would type it: on the host, in a namespace, or on another machine. */
function asTyped(world: World, place: string, command: readonly string[]): string {
  const line = shellLine(command)
  const shown = line?.trim() ?? command.map(quoted).join(' ')
  if (place === 'host') return shown
  if (world.isOutside(place)) return `(on ${place}) ${shown}`
  return `ip netns exec ${place} ${line === undefined ? shown : `bash -c ${quoted(shown)}`}`
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
