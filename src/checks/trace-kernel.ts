import { type LiveProbe, ProbeError } from '../world/probes.ts'
import type { Probe } from './check.ts'
import { outputIfThere } from './quiet.ts'
import { readKernelLog } from './trace-log.ts'
import type { TraceMatch } from './trace-match.ts'
import type { Trace, TraceSeen } from './trace-watch.ts'

/**
 * Reads what the lab's own rules write to the kernel's log: `-j TRACE` of iptables-legacy, and `--log` of ebtables with a
 * prefix such as `eb:filter:FORWARD`. Resolves when it is on. Throws ProbeError where the log cannot be read.
 */
export async function startKernelTrace(place: string, match: TraceMatch, probe: Probe): Promise<Trace> {
  const live = await probe.start('host', ['perl', '-e', READER])
  const said = listenTo(live)
  if ((await said.first) !== 'listening') {
    throw new ProbeError(
      'not-permitted',
      `the kernel's log cannot be read: ${said.errors().trim() || 'its reader has ended'}; this needs a lab with \`machine: vm\``,
    )
  }
  let seen: Promise<TraceSeen> | undefined
  const finish = async (): Promise<TraceSeen> => {
    live.signal('TERM')
    await live.ended
    const lines = said.lines()
    if (lines.at(-1) !== 'end')
      throw new ProbeError('trouble', `the kernel's log was not read to its end: ${said.errors().trim()}`)
    if (lines.includes('lost'))
      throw new ProbeError('trouble', 'more was logged than the kernel can hold: match fewer packets')
    return readKernelLog(lines, match, await outputIfThere(probe, place, ['iptables-legacy-save']))
  }
  return {
    finish: () => {
      seen ??= finish()
      return seen
    },
  }
}

function listenTo(live: LiveProbe) {
  let text = ''
  let errors = ''
  let hear: (line: string) => void = () => {}
  const first = new Promise<string>((resolve) => {
    hear = resolve
  })
  live.onStderr((bytes) => {
    errors += String(bytes)
  })
  live.onStdout((bytes) => {
    text += String(bytes)
    if (text.includes('\n')) hear(text.slice(0, text.indexOf('\n')))
  })
  void live.ended.then(() => hear(''))
  return { first, errors: () => errors, lines: () => text.trimEnd().split('\n').slice(1) }
}

/**
 * From the end of the log on (Documentation/ABI/testing/dev-kmsg): each read is one record. What a packet made is in the log
 * before the packet goes on, so at the end only what is there already has to be read.
 */
const READER = String.raw`
use strict; use warnings;
$| = 1;
sysopen my $log, '/dev/kmsg', 2048 or die "/dev/kmsg: $!\n";    # O_RDONLY | O_NONBLOCK
sysseek $log, 0, 2 or die "/dev/kmsg: $!\n";
pipe my $bell, my $rope or die;
$SIG{TERM} = sub { syswrite $rope, '!' };
print "listening\n";
my $over = 0;
for (;;) {
    if ( defined sysread $log, my $record, 16384 ) {
        my ($text) = $record =~ /\A[^;]*;([^\n]*)/ or next;
        print "$text\n";
        next;
    }
    if ( $!{EPIPE} ) { print "lost\n"; next }
    die "/dev/kmsg: $!\n" if !$!{EAGAIN} && !$!{EINTR};
    last if $over;
    vec( my $set = '', fileno $bell, 1 ) = 1;
    vec( $set, fileno $log, 1 ) = 1;
    # Perl runs a handler between two operations, and not while it waits: a signal that came right before is heard later.
    my $count = select my $ready = $set, undef, undef, 0.2;
    $over = $count > 0 && vec $ready, fileno $bell, 1;
}
print "end\n";
`
