import type { Probe } from '../../src/checks/check.ts'
import { ProbeError, type ProbeResult } from '../../src/world/probes.ts'
import { seenWithKernel } from './seen.ts'

export interface Recording {
  /** By place and command, as `net1$ ip -j addr show`. */
  readonly seen: Readonly<Record<string, ProbeResult>>
  /** By two places, as `net1 net2`: how the namespace of the one knows that of the other. */
  readonly numbers: Readonly<Record<string, number>>
}

/** What was recorded with test/fixtures/seen/record.mjs under that name. */
export function recorded<T>(name: 'network' | 'pings'): T {
  return seenWithKernel<T>(name)
}

const network = recorded<Recording>('network')

/** The eyes of a check on a network that was recorded: what nobody recorded cannot be looked at. */
export const recordedProbe: Probe = {
  async run(place, command) {
    const result = network.seen[`${place}$ ${command.join(' ')}`]
    if (result) return result
    if (Object.keys(network.seen).some((key) => key.startsWith(`${place}$`)))
      throw new Error(`not recorded: ${place}$ ${command.join(' ')}`)
    throw new ProbeError('missing-namespace', `there is no network namespace '${place}'`)
  },
  start: () => Promise.reject(new Error('a recording starts nothing')),
  namespaceId: async (place, other) => network.numbers[`${place} ${other}`] ?? -1,
  outside: [],
  shared: (_key, make) => make(),
  note: () => {},
  keep: () => undefined,
}

/** A probe for which every program ends in the same way. */
export function probeThatSays(result: Partial<ProbeResult>): Probe {
  return { ...recordedProbe, run: async () => ({ status: 0, stdout: '', stderr: '', ...result }) }
}
