import { readFileSync } from 'node:fs'
import type { CaptureSeen } from '../../src/checks/capture.ts'
import type { MirrorSeen } from '../../src/checks/mirror.ts'
import type { PathSeen } from '../../src/checks/path.ts'

interface Recording {
  readonly capture: Readonly<Record<string, CaptureSeen>>
  readonly path: Readonly<Record<string, PathSeen>>
  readonly mirror: Readonly<Record<string, MirrorSeen>>
  /** In base64: the packets of the captures. */
  readonly pcap: Readonly<Record<string, string>>
}

/** What was recorded with test/fixtures/seen/record-captures.mjs. */
const recording = JSON.parse(
  readFileSync(new URL('../fixtures/seen/captures.json', import.meta.url), 'utf8'),
) as Recording

/** What was seen under that name. */
export function seen<Kind extends 'capture' | 'path' | 'mirror'>(kind: Kind, name: string): Recording[Kind][string] {
  const found = recording[kind][name]
  if (!found) throw new Error(`nothing was recorded for ${kind} ${name}`)
  return found
}

/** The capture file of a recorded capture. */
export function pcap(name: string): Buffer {
  return Buffer.from(recording.pcap[name]!, 'base64')
}
