import { type LiveProbe, ProbeError } from '../world/probes.ts'
import type { Probe } from './check.ts'

export interface PlaceDevice {
  /** Another device that gets the same name has another number. */
  readonly index: number
  readonly isUp: boolean
}

export type Devices = ReadonlyMap<string, PlaceDevice>

/** A place whose packets are captured: knows which devices are there, and notices when a namespace is deleted. */
export class CapturePlace {
  readonly #name: string
  readonly #process: LiveProbe
  readonly #ended: Promise<void>
  #isGone = false
  #asked = 0
  #answered = -1
  #devices: Devices = new Map()
  #wake: () => void = () => {}
  #turn: Promise<unknown> = Promise.resolve()

  /** Rejects with ProbeError where there is no such place. */
  static async start(probe: Probe, name: string): Promise<CapturePlace> {
    const hasName = name !== 'host' && !probe.outside.includes(name)
    const process = await probe.start(name, ['perl', '-e', PROGRAM, '--', hasName ? `/run/netns/${name}` : ''])
    return new CapturePlace(name, process)
  }

  private constructor(name: string, process: LiveProbe) {
    this.#name = name
    this.#process = process
    let unfinished = ''
    process.onStdout((bytes) => {
      const lines = (unfinished + String(bytes)).split('\n')
      unfinished = lines.pop() ?? ''
      for (const line of lines) this.#onLine(line)
    })
    this.#ended = process.ended.then(() => {
      this.#isGone = true
      this.#wake()
    })
  }

  /** The namespace has lost its name. */
  get isGone(): boolean {
    return this.#isGone
  }

  /** Settles when the namespace has lost its name. */
  get gone(): Promise<void> {
    return this.#ended
  }

  /** Its devices as they are now, by name. Rejects with ProbeError if the place is gone. */
  async devices(): Promise<Devices> {
    const turn = this.#turn.then(() => this.#ask())
    this.#turn = turn.catch(() => {})
    return await turn
  }

  async #ask(): Promise<Devices> {
    // It looks once without being asked.
    const number = this.#answered < 0 ? 0 : ++this.#asked
    if (number > 0) this.#process.signal('USR1')
    while (this.#answered < number) {
      if (this.#isGone) throw new ProbeError('missing-namespace', `the namespace ${this.#name} was deleted`)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return this.#devices
  }

  #onLine(line: string): void {
    const [number, ...devices] = line.split(' ')
    this.#answered = Number(number)
    this.#devices = new Map(devices.map(readDevice))
    this.#wake()
  }
}

/** `eth0=2,1`: its name, its number, and whether it is up. */
function readDevice(text: string): [string, PlaceDevice] {
  const [, name = '', index, up] = /^(.*)=(\d+),([01])$/.exec(text) ?? []
  return [name, { index: Number(index), isUp: up === '1' }]
}

/**
 * Prints `NUMBER lo=1,1 eth0=2,0 …`: at once, and when it is asked by SIGUSR1 for the NUMBERth time. It ends when its
 * namespace has lost the name: a program in it would keep it alive, and every cable in it, although `ip netns del` has
 * deleted it. The kernel tells of that by a signal (fcntl(2), F_NOTIFY = 1026 with DN_DELETE | DN_MULTISHOT); where it
 * does not, the name is looked for every 50 ms.
 */
const PROGRAM = String.raw`
use strict; use warnings;
my $name = shift;
my $own = ( stat '/proc/self/ns/net' )[1];
my $asked = 0;
my $pause;
pipe my $bell, my $rope or die;
$SIG{IO} = sub { syswrite $rope, '!' };
$SIG{USR1} = sub { $asked++; syswrite $rope, '!' };
socket my $socket, 2, 2, 0 or die;
my $watched;
if ( $name ne '' ) {
    sysopen $watched, '/run/netns', 0 or die;
    $pause = 0.05 if !fcntl $watched, 1026, 0x80000008;
}
for ( my $answered = -1 ; ; ) {
    my $number = $asked;
    exit if $name ne '' && ( ( stat $name )[1] // 0 ) != $own;
    if ( $number > $answered ) {
        open my $list, '<', '/proc/self/net/dev' or die;
        my @devices = map { /^\s*(\S+):/ ? $1 : () } <$list>;
        syswrite STDOUT, join( ' ', $number, map { "$_=" . facts_of($_) } @devices ) . "\n";
        $answered = $number;
    }
    vec( my $set = '', fileno $bell, 1 ) = 1;
    sysread $bell, my $rings, 4096 if select( $set, undef, undef, $pause ) > 0;
}
# SIOCGIFINDEX and SIOCGIFFLAGS (netdevice(7))
sub facts_of {
    my $device = shift;
    my $index = pack 'a16 i x20', $device, 0;
    my $flags = pack 'a16 s x22', $device, 0;
    return '0,0' if !ioctl( $socket, 0x8933, $index ) || !ioctl( $socket, 0x8913, $flags );
    return unpack( 'x16 i', $index ) . ',' . ( unpack( 'x16 s', $flags ) & 1 );
}
`
