import type { LiveProbe } from '../world/probes.ts'
import type { Capture } from './capture-process.ts'
import type { Probe } from './check.ts'

/**
 * A program that listens in a namespace keeps it alive, and every cable in it, although `ip netns del` has taken its
 * name away. So the captures in a namespace are ended as soon as that happens: what checks do must not be seen.
 */
export class NamespaceGuard {
  #started: Promise<LiveProbe> | undefined
  #watched: { readonly place: string; readonly namespace: string; readonly capture: Capture }[] = []

  /** Resolves when it looks out. Rejects with ProbeError. */
  async start(probe: Probe): Promise<void> {
    this.#started ??= this.#start(probe)
    await this.#started
  }

  /** `namespace` is what /proc/self/ns/net links to there. */
  add(place: string, namespace: string, capture: Capture): void {
    this.#watched.push({ place, namespace: namespace.replace(/\D/g, ''), capture })
    // It may be gone already.
    void this.#started?.then((guard) => guard.signal('IO'))
  }

  async #start(probe: Probe): Promise<LiveProbe> {
    const live = await probe.start('host', ['perl', '-e', PROGRAM])
    let unfinished = ''
    await new Promise<void>((resolve) => {
      live.onStdout((bytes) => {
        const lines = (unfinished + String(bytes)).split('\n')
        unfinished = lines.pop() ?? ''
        for (const line of lines.slice(-1)) this.#endOrphans(new Set(line.split(' ')))
        resolve()
      })
      void live.ended.then(() => resolve())
    })
    return live
  }

  /** `present`: the namespaces that have a name, as `net1=4026532680`. */
  #endOrphans(present: ReadonlySet<string>): void {
    this.#watched = this.#watched.filter(({ place, namespace, capture }) => {
      if (capture.ended) return false
      if (present.has(`${place}=${namespace}`)) return true
      capture.end(`the namespace ${place} was deleted while it was watched`)
      return false
    })
  }
}

/**
 * Prints the names and numbers of all namespaces: at once, when one of the names is gone, and on request. The kernel
 * tells of it by a signal (fcntl(2), F_NOTIFY = 1026 with DN_DELETE | DN_MULTISHOT); where it does not, the folder is
 * read every 50 ms.
 */
const PROGRAM = String.raw`
use strict; use warnings;
pipe my $bell, my $rope or die;
$SIG{IO} = sub { syswrite $rope, '!' };
sysopen my $watched, '/run/netns', 0 or die;
my $pause = fcntl( $watched, 1026, 0x80000008 ) ? undef : 0.05;
for (;;) {
    opendir my $folder, '/run/netns' or die;
    my @names = grep { !/^\./ } readdir $folder;
    syswrite STDOUT, join( ' ', map { "$_=" . ( ( stat "/run/netns/$_" )[1] // 0 ) } @names ) . "\n";
    vec( my $set = '', fileno $bell, 1 ) = 1;
    sysread $bell, my $rings, 4096 if select( $set, undef, undef, $pause ) > 0;
}
`
