import { ProbeError } from '../world/probes.ts'
import type { Probe } from './check.ts'
import { runQuietly, typedIn } from './quiet.ts'

/** A packet as `tcpdump -nn` prints it. */
export interface PacketText {
  /** `12:00:01.123456` */
  readonly time: string
  /** What comes after the time; more lines of it follow a line feed. */
  readonly text: string
}

/** What `tcpdump -nn -r` says of a capture file of so many packets. Rejects with ProbeError. */
export async function tcpdumpText(probe: Probe, pcap: Buffer, count: number): Promise<PacketText[]> {
  if (count === 0) return []
  const packets = readTcpdump(await decode(probe, pcap))
  if (packets.length === count) return packets
  throw new ProbeError('trouble', `tcpdump captured ${count} packets, but reads ${packets.length} of them`)
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

/** Where packets were captured: on a device, and the file in which they are kept. */
interface Captured {
  readonly place: string
  readonly device: string
  readonly filter?: string | undefined
  readonly kept: string | undefined
}

/** Adds a capture to the evidence as a person would repeat it: by reading the file, or by capturing once more. */
export function noteCapture(
  probe: Probe,
  { place, device, filter, kept }: Captured,
  packets: readonly PacketText[],
): void {
  const live = typedIn(probe, place, `tcpdump -nn -i ${device}${filter ? ` '${filter}'` : ''}`)
  const lines = packets.slice(0, MOST_NOTED).map(({ time, text }) => `${time} ${text}`)
  if (packets.length > MOST_NOTED) lines.push(`… ${packets.length - MOST_NOTED} more packets`)
  probe.note(
    kept ? `tcpdump -nn -r ${kept}` : live,
    lines.join('\n') || `(nothing, while it was listening on ${device})`,
  )
}

const MOST_NOTED = 500

/** The file need not be in the world: it is passed on the command line. */
async function decode(probe: Probe, pcap: Buffer): Promise<string> {
  const pieces: string[] = []
  for (let at = 0; at < pcap.length; at += PIECE) pieces.push(pcap.subarray(at, at + PIECE).toString('hex'))
  if (pieces.length === 1) return await perl(probe, THROUGH_A_PIPE, pieces)
  const file = `/run/labrun/captured.${++files}`
  while (pieces.length > 0) await perl(probe, TO_A_FILE, [file, ...pieces.splice(0, PIECES)])
  return await perl(probe, FROM_A_FILE, [file])
}

/** Bytes that fit, as hexadecimal numbers, into one argument (MAX_ARG_STRLEN in execve(2)), and into a pipe. */
const PIECE = 60_000
/** Arguments for one program, well below ARG_MAX. */
const PIECES = 8
let files = 0

// A pipe takes at least 64 KiB before anybody reads it, so all can be written before tcpdump starts.
const THROUGH_A_PIPE = `
pipe my $out, my $in or die "pipe: $!";
syswrite $in, pack 'H*', shift;
close $in;
open STDIN, '<&', $out or die "dup: $!";
exec qw(tcpdump -nn -r -) or die "tcpdump: $!";
`
const TO_A_FILE = `
open my $file, '>>', shift or die "open: $!";
print $file pack 'H*', $_ for @ARGV;
close $file or die "close: $!";
`
// tcpdump gives root up before it would open a file.
const FROM_A_FILE = `
open STDIN, '<', $ARGV[0] or die "open: $!";
unlink $ARGV[0];
exec qw(tcpdump -nn -r -) or die "tcpdump: $!";
`

async function perl(probe: Probe, program: string, parameters: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await runQuietly(probe, 'host', ['perl', '-e', program, '--', ...parameters])
  if (status === 0) return stdout
  throw new ProbeError('trouble', `reading captured packets with tcpdump: ${stderr.trim()}`)
}
