import { ProbeError } from '../world/probes.ts'
import type { Probe } from './check.ts'
import { runQuietly } from './quiet.ts'

/** A packet as `tcpdump -nn` prints it. */
export interface PacketText {
  /** `12:00:01.123456` */
  readonly time: string
  /** What comes after the time; more lines of it follow a line feed. */
  readonly text: string
}

/** Bytes of a capture file that fit into an argument (MAX_ARG_STRLEN in execve(2)) when written in base64. */
const PIECE = 90_000
/** Arguments for one program, well below ARG_MAX. */
const PIECES = 4

/** What `tcpdump -nn -r` says of a capture file that is not in the world. Rejects with ProbeError. */
export async function tcpdumpText(probe: Probe, pcap: Buffer): Promise<PacketText[]> {
  const pieces: string[] = []
  for (let at = 0; at < pcap.length; at += PIECE) pieces.push(pcap.subarray(at, at + PIECE).toString('base64'))
  if (pieces.length <= PIECES) return await decode(probe, 'printf "%s\\n" "$@" | base64 -d | tcpdump -nn -r -', pieces)
  const file = `/run/labrun/captured.${++files}`
  const last = pieces.splice(-PIECES)
  while (pieces.length > 0) await append(probe, file, pieces.splice(0, PIECES))
  await append(probe, file, last)
  // tcpdump gives up root before it opens a file.
  return await decode(probe, 'tcpdump -nn -r - < "$1"; status=$?; rm "$1"; exit $status', [file])
}

let files = 0

async function append(probe: Probe, file: string, pieces: readonly string[]): Promise<void> {
  const script = 'file=$1; shift; printf "%s\\n" "$@" | base64 -d >> "$file"'
  const { status, stderr } = await runQuietly(probe, 'host', ['sh', '-c', script, 'sh', file, ...pieces])
  if (status !== 0) throw new ProbeError('trouble', `passing captured packets to tcpdump: ${stderr.trim()}`)
}

async function decode(probe: Probe, script: string, parameters: readonly string[]): Promise<PacketText[]> {
  const { status, stdout, stderr } = await runQuietly(probe, 'host', ['sh', '-c', script, 'sh', ...parameters])
  if (status !== 0) throw new ProbeError('trouble', `tcpdump -nn -r: ${stderr.trim()}`)
  return readTcpdump(stdout)
}

/** Reads what tcpdump printed. A line that does not begin with a time goes on with the packet before it. */
export function readTcpdump(output: string): PacketText[] {
  const packets: { time: string; text: string }[] = []
  for (const line of output.split('\n')) {
    const [, time, text] = /^(\d\d:\d\d:\d\d\.\d{6}) (.*)$/.exec(line) ?? []
    if (time !== undefined && text !== undefined) packets.push({ time, text })
    else if (line !== '' && packets.length > 0) packets.at(-1)!.text += `\n${line}`
  }
  return packets
}
