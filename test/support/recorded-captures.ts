import type { CaptureSeen } from '../../src/checks/capture.ts'
import type { MirrorSeen } from '../../src/checks/mirror.ts'
import type { PathSeen } from '../../src/checks/path.ts'
import { seenWithKernel } from './seen.ts'

interface Seen {
  readonly capture: CaptureSeen
  readonly path: PathSeen
  readonly mirror: MirrorSeen
}

type Recorded<Kind extends keyof Seen> = { readonly [K in Kind]: Readonly<Record<string, Seen[K]>> }

/** What was recorded with test/fixtures/seen/record-captures.mjs. */
const recording = seenWithKernel<Recorded<keyof Seen> & { readonly pcap: Readonly<Record<string, string>> }>('captures')

/** What was seen under that name. */
export function seen<Kind extends keyof Seen>(kind: Kind, name: string): Seen[Kind] {
  const found = (recording as Recorded<Kind>)[kind][name]
  if (!found) throw new Error(`nothing was recorded for ${kind} ${name}`)
  return found
}

/** The capture file of a recorded capture. */
export function pcap(name: string): Buffer {
  return Buffer.from(recording.pcap[name]!, 'base64')
}
