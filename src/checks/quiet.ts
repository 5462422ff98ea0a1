import { ProbeError, type ProbeResult } from '../world/probes.ts'
import type { Probe } from './check.ts'

/**
 * Runs a program whose command line says nothing to a person, such as one of labrun's own: it is no evidence. What a
 * person would type instead goes into `probe.note`. Rejects with ProbeError where it could not be started.
 */
export async function runQuietly(
  probe: Probe,
  place: string,
  command: readonly [string, ...string[]],
): Promise<ProbeResult> {
  const live = await probe.start(place, command)
  const out: Buffer[] = []
  const err: Buffer[] = []
  live.onStdout((bytes) => out.push(bytes))
  live.onStderr((bytes) => err.push(bytes))
  const { status, signal } = await live.ended
  return {
    status: signal > 0 ? 128 + signal : status,
    stdout: Buffer.concat(out).toString(),
    stderr: Buffer.concat(err).toString(),
  }
}

/** Standard output of a program that is run quietly; empty where there is no such program. */
export async function outputIfThere(
  probe: Probe,
  place: string,
  command: readonly [string, ...string[]],
): Promise<string> {
  try {
    return (await runQuietly(probe, place, command)).stdout
  } catch (error) {
    if (error instanceof ProbeError && error.code === 'missing-tool') return ''
    throw error
  }
}

/** A command line as a person would type it to run it in a place. */
export function typedIn(probe: Probe, place: string, command: string): string {
  if (place === 'host') return command
  return probe.outside.includes(place) ? `(on ${place}) ${command}` : `ip netns exec ${place} ${command}`
}
