import { closeSync, openSync, writeSync } from 'node:fs'
import supportsHyperlinks from 'supports-hyperlinks'
import { wantsColour } from '../paint.ts'
import { isPlain } from '../plain.ts'
import type { ReporterChoice } from '../reporters/index.ts'
import { reporters } from '../reporters/index.ts'
import type { Sink } from '../reporters/reporter.ts'
import type { NumberedEvent } from '../run/events.ts'

/** Standard output as reporters see it; NO_COLOR, FORCE_COLOR, COLUMNS and --plain are heeded. */
export function standardSink(): Sink {
  const { stdout, env } = process
  const tty = stdout.isTTY === true
  const plain = isPlain()
  return {
    write: (text) => stdout.write(text),
    colour: wantsColour(),
    live: tty && !plain,
    // What the terminal says changes with its window; a shell's COLUMNS, where it is exported, may be of another one.
    get width() {
      return stdout.columns || Number(env.COLUMNS) || 80
    },
    get height() {
      return (tty && stdout.rows) || Infinity
    },
    plain,
    links: tty && !plain && supportsHyperlinks.stdout,
  }
}

/** A file that was asked for cannot be written. */
export class OutputError extends Error {}

/** Opens the reporters that were chosen; `close` ends their files. */
export async function openReporters(choices: readonly ReporterChoice[]) {
  const files: number[] = []
  const listeners: ((event: NumberedEvent) => void)[] = []
  for (const { name, file } of choices) {
    const reporter = await reporters[name]()
    listeners.push(reporter.open(openSink(file, files)))
  }
  return { listeners, close: () => closeAll(files) }
}

/** A file, which is added to `files`, or standard output. Throws OutputError. */
export function openSink(file: string | undefined, files: number[]): Sink {
  return file ? fileSink(file, files) : standardSink()
}

export function closeAll(files: readonly number[]): void {
  for (const file of files) closeSync(file)
}

function fileSink(path: string, files: number[]): Sink {
  const file = openOutput(path)
  files.push(file)
  return {
    write: (text) => void writeSync(file, text),
    colour: false,
    live: false,
    width: 100,
    height: Infinity,
    plain: false,
    links: false,
  }
}

function openOutput(path: string): number {
  try {
    return openSync(path, 'w')
  } catch (error) {
    throw new OutputError(`cannot write ${path}: ${(error as Error).message}`)
  }
}
