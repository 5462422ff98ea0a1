import { type LiveProbe, ProbeError } from '../world/probes.ts'
import type { Probe } from './check.ts'

/** A network namespace at one moment. */
export interface Place {
  /** Its number; one that is made anew under the same name has another. */
  readonly namespace: string
  readonly devices: ReadonlyMap<string, PlaceDevice>
}

export interface PlaceDevice {
  /** Another device that gets the same name has another number. */
  readonly index: number
  readonly isUp: boolean
}

export type Places = ReadonlyMap<string, Place>

/**
 * Sees all places of a world and their devices, and notices when a namespace is deleted. One program does that as long
 * as the world lives, because to start one for each question would take longer than all the rest.
 */
export class PlaceWatcher {
  readonly #onSight: (places: Places, asked: number) => void
  #started: Promise<LiveProbe> | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #asked = 0
  #answered = -1
  #places: Places = new Map()
  #hasEnded = false
  #wake: () => void = () => {}

  /** `onSight` is told of every look: the number of the last question that was asked before it. */
  constructor(onSight: (places: Places, asked: number) => void) {
    this.#onSight = onSight
  }

  /** How many questions were answered. */
  get answered(): number {
    return this.#answered
  }

  /** All places as they are now. Rejects with ProbeError. */
  async look(probe: Probe): Promise<Places> {
    const turn = this.#turn.then(() => this.#ask(probe))
    this.#turn = turn.catch(() => {})
    return await turn
  }

  async #ask(probe: Probe): Promise<Places> {
    // It looks once without being asked.
    const isFirst = this.#started === undefined
    this.#started ??= this.#start(probe)
    const process = await this.#started
    if (!isFirst) {
      this.#asked++
      process.signal('USR1')
    }
    while (this.#answered < this.#asked) {
      if (this.#hasEnded) throw new ProbeError('trouble', 'the program that looks at the network namespaces has ended')
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return this.#places
  }

  async #start(probe: Probe): Promise<LiveProbe> {
    const process = await probe.start('host', ['perl', '-e', PROGRAM])
    let unfinished = ''
    process.onStdout((bytes) => {
      const lines = (unfinished + String(bytes)).split('\n')
      unfinished = lines.pop() ?? ''
      for (const line of lines) this.#onLine(line)
    })
    void process.ended.then(() => {
      this.#hasEnded = true
      this.#wake()
    })
    return process
  }

  #onLine(line: string): void {
    const [number, ...places] = line.split('\t')
    this.#places = new Map(places.map(readPlace))
    this.#answered = Number(number)
    this.#onSight(this.#places, this.#answered)
    this.#wake()
  }
}

/** `net1 4026532680 lo=1,0 eth0=2,1`: each device has a number, and is up (1) or down (0). */
function readPlace(text: string): [string, Place] {
  const [name = '', namespace = '', ...devices] = text.split(' ')
  const found = devices.map((device): [string, PlaceDevice] => {
    const [, deviceName = '', index, up] = /^(.*)=(\d+),([01])$/.exec(device) ?? []
    return [deviceName, { index: Number(index), isUp: up === '1' }]
  })
  return [name, { namespace, devices: new Map(found) }]
}

/**
 * Prints a line of all places: at once, when it is asked by SIGUSR1, and when the name of a namespace is gone. The kernel
 * tells of that by a signal (fcntl(2), F_NOTIFY = 1026 with DN_DELETE | DN_MULTISHOT); where it does not, it looks every
 * 50 ms. It stays in no network namespace but the host's. The names are the student's, so it looks for them where the
 * student's files are (LABRUN_STUDENT), and starts no program there; what it reads of /proc is below its own folder.
 */
const PROGRAM = String.raw`
use strict; use warnings; use Config;
my $setns = $Config{archname} =~ /^aarch64/ ? 268 : 308;
my $asked = 0;
pipe my $bell, my $rope or die;
$SIG{IO} = sub { syswrite $rope, '!' };
$SIG{USR1} = sub { $asked++; syswrite $rope, '!' };
open my $home, '<', '/proc/self/ns/net' or die;
opendir my $process, '/proc/self' or die;
my ( %outside, %ours );
opendir my $machines, '/run/labrun/netns';
for my $name ( grep { !/^\.|^host$/ } readdir $machines ) {
    open $outside{$name}, '<', "/run/labrun/netns/$name" or die;
}
$ours{ ( stat $_ )[1] } = 1 for $home, values %outside;
open my $student, '<&=', $ENV{LABRUN_STUDENT} or die;
syscall( $setns, fileno $student, 0x20000 ) == 0 && chdir $process or die;    # CLONE_NEWNS
my ( $watched, $pause );
for (;;) {
    if ( !$watched && sysopen $watched, '/run/netns', 0 ) {
        $pause = 0.05 if !fcntl $watched, 1026, 0x80000008;
    }
    my %place = %outside;
    if ( opendir my $names, '/run/netns' ) {
        for my $name ( grep { !/^\.|\s/ && !$outside{$_} } readdir $names ) {
            sysopen my $file, "/run/netns/$name", 2048 or next;    # O_NONBLOCK: it may be a FIFO
            $place{$name} = $file if !$ours{ ( stat $file )[1] };
        }
    }
    my @line = ( $asked, 'host ' . facts($home) );
    for my $name ( sort keys %place ) {
        next if syscall( $setns, fileno $place{$name}, 0x40000000 ) != 0;    # CLONE_NEWNET
        push @line, "$name " . facts( $place{$name} );
        syscall( $setns, fileno $home, 0x40000000 ) == 0 or die;
    }
    syswrite STDOUT, join( "\t", @line ) . "\n";
    vec( my $set = '', fileno $bell, 1 ) = 1;
    # Perl runs a handler between two operations, and not while it waits: a signal that came right before is heard later.
    my $count;
    do { $count = select my $ready = $set, undef, undef, $pause // 0.1 } until $count > 0 || $pause;
    sysread $bell, my $rings, 4096 if $count > 0;
}
sub facts {
    my $namespace = ( stat shift )[1];
    socket my $socket, 2, 2, 0 or die;
    open my $list, '<', 'net/dev' or die;
    return join ' ', $namespace, map { /^\s*(\S+):/ ? device( $socket, $1 ) : () } <$list>;
}
# SIOCGIFINDEX and SIOCGIFFLAGS (netdevice(7))
sub device {
    my ( $socket, $name ) = @_;
    my $index = pack 'a16 i x20', $name, 0;
    my $flags = pack 'a16 s x22', $name, 0;
    return if !ioctl( $socket, 0x8933, $index ) || !ioctl( $socket, 0x8913, $flags );
    return "$name=" . unpack( 'x16 i', $index ) . ',' . ( unpack( 'x16 s', $flags ) & 1 );
}
`
