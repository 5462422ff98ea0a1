import { setTimeout as delay } from 'node:timers/promises'
import type { Ready } from '../lab/lab.ts'
import type { Background } from '../world/background.ts'
import { ProbeError } from '../world/probes.ts'
import type { World } from '../world/world.ts'

export interface Wait {
  readonly world: World
  readonly background: Background
  /** What the block has printed so far. */
  readonly printed: () => string
  /** Milliseconds. */
  readonly timeout: number
  readonly signal: AbortSignal
}

/** Milliseconds between two looks. */
const PAUSE = 25

/**
 * Waits until a background block provides what others need of it. Resolves to undefined when it does, otherwise to why
 * it does not; when it is aborted, to `interrupted`.
 */
export async function waitUntilReady(ready: Ready, wait: Wait): Promise<string | undefined> {
  const { background, timeout, signal } = wait
  const start = performance.now()
  for (;;) {
    const { status } = background
    const look = 'text' in ready ? lookAtText(ready.text, wait) : await lookAtPort(ready, wait)
    if (look === 'ready') return undefined
    if (signal.aborted) return 'interrupted'
    // A server that puts itself into the background has ended, and is still there.
    if (status !== undefined && look === 'gone') return `not ready: it ended with status ${status}`
    if (performance.now() - start >= timeout) return `not ready: ${missing(ready)} within ${timeout / 1000} s`
    await delay(PAUSE)
  }
}

type Look = 'ready' | 'waiting' | 'gone'

function lookAtText(text: string, { printed, background }: Wait): Look {
  if (printed().includes(text)) return 'ready'
  return background.status === undefined ? 'waiting' : 'gone'
}

async function lookAtPort(
  { port, protocol }: Extract<Ready, { port: number }>,
  { world, background }: Wait,
): Promise<Look> {
  const command = ['perl', '-e', LISTENING, background.token, protocol, String(port)] as const
  const { stdout } = await world.probe('host', command).catch((error: unknown) => {
    // A machine under load: the time that there is for all looks decides.
    if (error instanceof ProbeError) return { stdout: '' }
    throw error
  })
  return stdout === 'ready' || stdout === 'gone' ? stdout : 'waiting'
}

function missing(ready: Ready): string {
  return 'text' in ready ? `it has not printed "${ready.text}"` : `nothing listens to ${ready.port}/${ready.protocol}`
}

/**
 * Whether a socket listens to a port in a network namespace of one of the block's processes: those with the block's
 * mark in their environment, and all below them (`ip netns exec` changes the one, `su -` the other). The tables of a namespace
 * are in proc(5), net/tcp: local address and port in hexadecimal, the state (0A: LISTEN) two columns on.
 */
const LISTENING = String.raw`
use strict; use warnings;
my ($token, $protocol, $port) = @ARGV;
my (%parent, %ours);
for my $pid (map { m{/(\d+)$} ? $1 : () } glob '/proc/[0-9]*') {
  my $stat = slurp("/proc/$pid/stat");
  $parent{$pid} = (split / /, substr $stat, rindex($stat, ')') + 2)[1] if $stat ne '';
  $ours{$pid} = 1 if slurp("/proc/$pid/environ") =~ /(?:^|\0)LABRUN_BACKGROUND=\Q$token\E(?:\0|$)/;
}
for my $pid (keys %parent) {
  my $above = $pid;
  while ($above = $parent{$above}) { $ours{$pid} = 1 if $ours{$above} }
}
my %seen;
for my $pid (keys %ours) {
  my $namespace = readlink "/proc/$pid/ns/net";
  next if defined $namespace && $seen{$namespace}++;
  for my $line (map { split /\n/, slurp("/proc/$pid/net/$_") } $protocol, $protocol . '6') {
    my ($local, $state) = $line =~ /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) \S+ ([0-9A-F]{2})/ or next;
    if (hex $local == $port && $state eq ($protocol eq 'tcp' ? '0A' : '07')) { print 'ready'; exit }
  }
}
print %ours ? 'waiting' : 'gone';
sub slurp { open my $file, '<', shift or return ''; local $/; return readline($file) // '' }
`
