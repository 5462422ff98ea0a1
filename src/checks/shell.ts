import { ProbeError, type ProbeResult } from '../world/probes.ts'
import type { Probe } from './check.ts'

/**
 * Told apart from what the line itself prints: a program that is not there says nothing about the world, also in the
 * middle of a pipe, where its status is lost.
 */
const PRELUDE = `exec 9>&2 2>&1
command_not_found_handle() { echo "$1" >&9; echo "bash: $1: command not found"; return 127; }
eval "$1"`

/**
 * Runs a command line of a check in bash; standard output and error come together in `stdout`, as a person sees them.
 * Throws ProbeError where a program that it names is not there or may not be run, unless that is what is asked about.
 */
export async function runShell(
  probe: Probe,
  place: string,
  line: string,
  timeout: number,
  mayBeMissing = false,
): Promise<ProbeResult> {
  const result = await probe.run(place, ['bash', '-c', PRELUDE, 'bash', line], { timeout, amongStudents: true })
  if (mayBeMissing) return result
  const missing = result.stderr.trim().split('\n').find(Boolean)
  if (missing) throw new ProbeError('missing-tool', `${missing}: command not found`)
  if (result.status === 126)
    throw new ProbeError('not-permitted', `\`${line}\` could not be run: ${result.stdout.trim()}`)
  return result
}

/** The line that a person would type, where a command was made by runShell. */
export function shellLine(command: readonly string[]): string | undefined {
  return command[2] === PRELUDE ? command[4] : undefined
}
