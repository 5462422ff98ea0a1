import { z } from 'zod'
import { ProbeError, type ProbeResult } from '../world/probes.ts'
import { defineCheck } from './check.ts'
import { runQuietly, typedIn } from './quiet.ts'

/** What came of one attempt to connect. */
export interface TcpSeen {
  /**
   * `timeout`: the SYN has left and nothing came back. `held`: it never left, because nobody answered ARP. `failed`:
   * the kernel or a router said why not.
   */
  readonly outcome: 'open' | 'refused' | 'timeout' | 'held' | 'failed'
  /** What the kernel calls it: `Connection refused`, `No route to host`. */
  readonly text: string
}

/** Of `FROM -> ADDRESS:PORT`; the port is text, because a remembered value may stand there. */
export interface Connection {
  readonly from: string
  readonly address: string
  readonly port: string
}

const CONNECTION = /^\s*([\w.{}-]+)\s*->\s*(?:\[([^\s\]]+)\]|([^\s:[\]]+)):(\d{1,5}|\{\{[\w.]+\}\})\s*$/

const connectionSchema = z
  .string()
  .regex(CONNECTION, { error: 'expected FROM -> ADDRESS:PORT, as client -> 192.168.0.10:8000' })
  .transform((text): Connection => {
    const [, from = '', bracketed, plain, port = ''] = CONNECTION.exec(text) ?? []
    return { from, address: bracketed ?? plain ?? '', port }
  })

const WANTED = {
  open: { outcome: 'open', expected: 'a connection is opened' },
  refused: { outcome: 'refused', expected: 'the connection is refused' },
  'no-answer': { outcome: 'timeout', expected: 'a SYN is sent, and no answer comes' },
} as const

export const tcp = defineCheck({
  kind: 'tcp',
  tools: ['perl'],
  schema: z.strictObject({
    tcp: connectionSchema.describe('FROM -> ADDRESS:PORT'),
    expect: z.enum(['open', 'refused', 'no-answer']).default('open'),
  }),
  // A server that was started a moment ago may not listen yet.
  within: () => 2000,

  async observe({ tcp: { from, address, port } }, probe): Promise<TcpSeen> {
    if (!isPort(port)) throw new ProbeError('trouble', `${port} is not a port`)
    const result = await runQuietly(probe, from, ['perl', '-e', CONNECT, address, port])
    const seen = readTcp(result)
    probe.note(typedIn(probe, from, `nc -zv ${address} ${port}`), `${address} port ${port}: ${seen.text}`)
    return seen
  },

  judge(spec, seen) {
    const { outcome, expected } = WANTED[spec.expect]
    return { holds: seen.outcome === outcome, expected, actual: describe(seen) }
  },

  sends: () => true,
  isNegative: ({ expect }) => expect !== 'open',
  question: ({ tcp: { from, address, port }, expect }) =>
    expect === 'open' ? { from, to: address, protocol: 'tcp', port: Number(port) } : undefined,
})

/** Whether a text, in which remembered values have been put, is the number of a port. */
export function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536
}

/** Reads what CONNECT printed. Throws ProbeError where it could not try. */
export function readTcp({ status, stdout, stderr }: ProbeResult): TcpSeen {
  const [, outcome = '', text = ''] = /^(open|refused|timeout|held|failed) (.*)\n$/.exec(stdout) ?? []
  if (outcome === '')
    throw new ProbeError('trouble', `connecting was not tried: ${stderr.trim() || `status ${status}`}`)
  return { outcome: outcome as TcpSeen['outcome'], text }
}

function describe({ outcome, text }: TcpSeen): string {
  if (outcome === 'open') return 'the connection was opened'
  if (outcome === 'refused') return 'the connection was refused'
  if (outcome === 'timeout') return 'a SYN was sent, and no answer came'
  return outcome === 'held' ? 'nothing was sent: nobody answered ARP' : `no connection: ${text}`
}

/**
 * Connects, and prints one word and the kernel's text. After a second without an answer it asks the kernel whether the
 * SYN still takes up memory of the socket: then it waits for ARP and was never sent (SO_MEMINFO, sk_wmem_alloc), and
 * only the kernel's own verdict on that, after three seconds, says more. Only modules of perl-base.
 */
const CONNECT = String.raw`
use strict; use warnings; use Socket qw(SOCK_STREAM SOL_SOCKET SO_ERROR getaddrinfo); use Errno ();
sub say_it { print "@_\n"; exit }
sub verdict {
  local $! = shift;
  say_it('refused', $!) if $!{ECONNREFUSED};
  say_it('timeout', $!) if $!{ETIMEDOUT};
  say_it('failed', $!);
}
my ($address, $port) = @ARGV;
my ($error, $to) = getaddrinfo($address, $port, { socktype => SOCK_STREAM });
say_it('failed', "the name $address is not known") if $error || !$to;
socket(my $socket, $to->{family}, SOCK_STREAM, 0) or die "socket: $!\n";
$socket->blocking(0);
connect($socket, $to->{addr}) or $!{EINPROGRESS} or verdict($! + 0);
for my $turn (1 .. 80) {
  vec(my $set = '', fileno $socket, 1) = 1;
  if (select undef, $set, undef, 0.05) {
    my $number = unpack 'i', getsockopt $socket, SOL_SOCKET, SO_ERROR;
    $number ? verdict($number) : say_it('open', 'open');
  }
  my $memory = getsockopt $socket, SOL_SOCKET, 55;
  my $waiting = defined $memory ? (unpack 'L3', $memory)[2] : 0;
  say_it('timeout', 'timed out') if $turn >= 20 && !$waiting;
}
say_it('held', 'still waiting for ARP');
`
