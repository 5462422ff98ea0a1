import { ProbeError } from '../world/probes.ts'
import type { World } from '../world/world.ts'

/** Milliseconds that a machine may take; nobody can be busy for ever. */
const LONGEST = 20_000

/**
 * Waits until none of the student's processes is at work, at most `longest` milliseconds. A server listens some time after the
 * command that has started it, and a replay types faster than a person: without this, points would depend on how fast the
 * machine is. Rejects with WorldError.
 */
export async function waitUntilAtRest(world: World, longest: number = LONGEST): Promise<void> {
  const command = ['perl', '-e', PROGRAM, String(longest / 1000)] as const
  await world.probe('host', command, { timeout: longest + 10_000 }).catch((error: unknown) => {
    // Then the checks themselves will tell.
    if (!(error instanceof ProbeError)) throw error
  })
}

/**
 * The student's processes are those that are in a PID namespace within the world's (proc(5), status, NSpid). At work is who runs,
 * or waits for a disk. Where something has begun in the last two seconds, one look is not enough: three have to find nobody.
 */
const PROGRAM = String.raw`
use strict; use warnings;
my $until = uptime() + shift;
my $quiet = 0;
while ( uptime() < $until ) {
    my ( $busy, $young ) = look();
    $quiet = $busy ? 0 : $quiet + 1;
    last if $quiet >= ( $young ? 3 : 1 );
    select undef, undef, undef, 0.01;
}
sub look {
    my $now = uptime();
    my ( $busy, $young ) = ( 0, 0 );
    for my $pid ( map { m{^/proc/(\d+)$} } glob '/proc/*' ) {
        my $status = slurp("/proc/$pid/status");
        next if $status !~ /^NSpid:\t\d+\t\d/m;
        $busy++ if $status =~ /^State:\t[RD]/m;
        my $stat = slurp("/proc/$pid/stat");
        my $started = ( split / /, substr $stat, rindex( $stat, ')' ) + 2 )[19] // 0;
        $young++ if $started > 100 * ( $now - 2 );
    }
    return ( $busy, $young );
}
sub uptime { return ( split / /, slurp('/proc/uptime') )[0] }
sub slurp { open my $file, '<', shift or return ''; local $/; return <$file> // '' }
`
