import { Chalk, supportsColor } from 'chalk'
import { isPlain } from './plain.ts'

/** What a colour says. A colour never says it alone: a sign or a word is beside it. */
export type Meaning = 'good' | 'bad' | 'warn' | 'accent' | 'name' | 'heading'

type Brush = (text: string) => string
export type Paint = Readonly<Record<Meaning | 'bold' | 'dim' | 'italic' | 'underline', Brush>>

/**
 * The colours of a terminal's 256 that can be read on white as well as on black: their contrast is 4:1 or more on both.
 * These are the same everywhere, while the first 16 are what somebody has chosen, often for one background only.
 */
export const COLOURS: Readonly<Record<Meaning, number>> = {
  good: 28,
  bad: 196,
  warn: 130,
  accent: 30,
  name: 133,
  heading: 27,
}

/** Where a terminal has no more than 16 colours. */
const FEW: Readonly<Record<Meaning, 'green' | 'red' | 'yellow' | 'cyan' | 'magenta' | 'blue'>> = {
  good: 'green',
  bad: 'red',
  warn: 'yellow',
  accent: 'cyan',
  name: 'magenta',
  heading: 'blue',
}

/** Whether standard output gets colours; NO_COLOR (https://no-color.org) and FORCE_COLOR are heeded. */
export function wantsColour(): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env
  if (NO_COLOR) return false
  return FORCE_COLOR ? FORCE_COLOR !== '0' : process.stdout.isTTY === true && !isPlain()
}

/** Gives text a colour and weight, or nothing of it. */
export function painter(colour: boolean): Paint {
  const many = colour && (supportsColor || undefined)?.level !== 1
  const chalk = new Chalk({ level: colour ? (many ? 2 : 1) : 0 })
  const brush = (meaning: Meaning): Brush => (many ? chalk.ansi256(COLOURS[meaning]) : chalk[FEW[meaning]])
  const { bold, dim, italic, underline } = chalk
  return {
    good: brush('good'),
    bad: brush('bad'),
    warn: brush('warn'),
    accent: brush('accent'),
    name: brush('name'),
    heading: brush('heading'),
    bold,
    dim,
    italic,
    underline,
  }
}
