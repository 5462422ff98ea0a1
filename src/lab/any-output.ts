import { compileExpected, type Expected, matchLine } from './expected.ts'
import type { Block, CheckItem, Lab } from './lab.ts'
import type { Entry } from './pattern.ts'

/** An expected output that is right whatever is printed. */
export interface AnyOutput {
  readonly line: number
  readonly where: 'block' | 'console' | 'check'
}

/**
 * Finds the expected outputs of a lab that match everything, and so prove nothing. In a `console` block, `...` alone
 * is how an author says that an output does not matter.
 */
export function anyOutputs(lab: Lab): AnyOutput[] {
  return lab.steps.flatMap((step) =>
    step.items.flatMap((item) => {
      if (item.kind === 'block') return inBlock(item)
      return item.kind === 'check' ? inCheck(item) : []
    }),
  )
}

/** What to do about it, for people. */
export function adviceOnOutput({ where }: AnyOutput): string {
  const instead = { block: 'take the `output` block away', console: 'write `...`', check: 'take `output` away' }[where]
  return `expect the lines that matter, with placeholders for what differs in each run; if none does, ${instead}`
}

function inBlock({ expected, commands }: Block): AnyOutput[] {
  const ofBlock = expected && matchesAll(expected.pattern) ? [{ line: expected.line, where: 'block' as const }] : []
  const ofCommands = commands.flatMap((command) => {
    const pattern = command.expected?.pattern
    if (!pattern || pattern.entries.every((entry) => entry === 'gap') || !matchesAll(pattern)) return []
    return [{ line: command.expected!.line, where: 'console' as const }]
  })
  return [...ofBlock, ...ofCommands]
}

/** Of the kinds that look at an output: `run`. */
function inCheck({ check, spec, line }: CheckItem): AnyOutput[] {
  const { output } = spec as { readonly output?: unknown }
  if (check !== 'run' || typeof output !== 'string') return []
  return matchesAll(compileExpected(output).pattern) ? [{ line, where: 'check' }] : []
}

/** Several lines that may be anything still say how many there are, as long as no `...` is among them. */
function matchesAll({ entries }: Expected): boolean {
  return entries.length > 0 && (entries.length === 1 || entries.includes('gap')) && entries.every(isAny)
}

/** What has nothing in common but that something is printed. */
const SAMPLES = ['x', '7', '~ § {', 'Zq9 <*> 10.1.2.3: [a] "y"', '-rwx------ ...']

function isAny(entry: Entry): boolean {
  if (entry === 'gap') return true
  // What it remembers may be asked for later.
  return entry.names.length === 0 && SAMPLES.every((line) => matchLine(entry, line, new Map()) !== undefined)
}
