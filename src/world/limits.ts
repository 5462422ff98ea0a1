/** What the student's part of a world may use of the machine. What is not given has no limit. */
export interface WorldLimits {
  /** Bytes of memory, of all processes and files together. */
  readonly memory?: number
  /** Processes and threads. */
  readonly processes?: number
  /** Bytes and files of the world's disk, which is in memory. */
  readonly disk?: number
  readonly inodes?: number
  /** Open files of each process. */
  readonly files?: number
  /** Bytes that one command, or one background block, may print. */
  readonly output?: number
  /** Milliseconds of one command, whatever the lab allows, and of all commands together. */
  readonly command?: number
  readonly time?: number
  /** How far the machine's own work goes before the student's: a nice value, 0 to 19. */
  readonly nice?: number
}

const MIB = 1 << 20

/** For people's own runs: only what would bring their machine down. */
export const USUAL_LIMITS: WorldLimits = { processes: 8192, disk: 1024 * MIB, inodes: 262_144, output: 1024 * MIB }

/** For work of others that nobody has looked at. */
export const GRADING_LIMITS: WorldLimits = {
  memory: 512 * MIB,
  processes: 256,
  disk: 64 * MIB,
  inodes: 16_384,
  files: 1024,
  output: 4 * MIB,
  command: 60_000,
  time: 600_000,
  nice: 10,
}

type LimitName = keyof WorldLimits

/** The limits that PID 1 of the world sees to, as it reads them (program/33-limits.pl). */
export function limitsLine({ command, time, ...others }: WorldLimits): string {
  return Object.entries(others)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
}

/** What it means that a limit was hit: a sentence without its full stop. */
export function describeLimit(name: string, limits: WorldLimits): string {
  const value = limits[name as LimitName] ?? 0
  const words: Partial<Record<string, string>> = {
    memory: `memory: more than ${size(value)} were wanted, and processes were ended`,
    processes: `processes: more than ${value} were wanted, and no new ones could be started`,
    disk: `disk: its ${size(value)} were full`,
    inodes: `disk: its ${value} files and folders were used up`,
    output: `output: a command printed more than ${size(value)} and was ended; the rest was not kept`,
    command: `time: a command took longer than ${value / 1000} s and was ended`,
    time: `time: the commands took longer than ${value / 1000} s together; what came after was not run`,
  }
  return words[name] ?? name
}

function size(bytes: number): string {
  return bytes < MIB ? `${Math.round(bytes / 1024)} KiB` : `${Math.round(bytes / MIB)} MiB`
}
