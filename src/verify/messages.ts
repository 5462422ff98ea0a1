/** What keeps a lab from being proven, by code: what is said, and what to do about it. `{name}` is filled in. */
const MESSAGES = {
  vacuous: {
    what: '`{check}` holds before the step "{step}" is done, so it proves nothing',
    advice: 'check what the step changes; if it is meant as a guard that nothing breaks, say `holds: before`',
  },
  'from-earlier': {
    what: '`{check}` holds before the step "{step}" is done, so it proves nothing: it holds since the step "{earlier}"',
    advice:
      'move the check there, and check here what this step changes; if it is meant as a guard that nothing breaks, say `holds: before`',
  },
  'wrong-place': {
    what: '`{check}` holds before the step "{step}" is done, so it proves nothing',
    advice: 'look at the right place: at {places}, the same check fails before the step and passes after it',
  },
  guard: {
    what: '`{check}` says `holds: before`, but does not hold before the step: {seen}',
    advice: 'take `holds: before` away',
  },
  negative: {
    what: '`{check}` never failed: before the step "{step}" nobody could look ({seen}), and it holds as soon as one can',
    advice:
      'make what it looks at in a step before, or in `sh setup`: then it has to fail before this step; if it holds there too and must stay so, say `holds: before`',
  },
  unseen: {
    what: '`{check}` passes, but was not reached when it was tried before the step "{step}"',
    advice: 'prove the lab again; if it happens again, a command works in one run and not in another',
  },
  stumbled: {
    what: 'this command works in one run and not in another, where it {reason}; nothing that comes after the step "{step}" is proven',
    advice:
      'prove the lab again; let nothing in it depend on chance or on who is first; `--repeat 20` says how often it goes wrong',
  },
  'any-output': { what: 'this expected output matches whatever is printed, so it proves nothing', advice: '{advice}' },
  left: {
    what: 'the lab left behind: {what}',
    advice: 'if nothing else on this machine has made that meanwhile, it is a fault of labrun: please report it',
  },
  'flaky-check': {
    what: '{title} is flaky: {counts}',
    advice:
      'let it look at what the commands have settled when they end; if that takes its time, say `within`, or `ready=` for a background block',
  },
  'flaky-output': {
    what: '{title} is flaky: {counts}',
    advice: 'put a placeholder where values differ, `...` where lines do, and `| sort` where their order does',
  },
  'flaky-command': {
    what: '{title} is flaky: {counts}',
    advice:
      'let nothing in it depend on chance, on the time or on who is first; `ready=` waits until a background block is of use',
  },
  'flaky-doubt': { what: 'only in {counts}: {what}', advice: '{advice}' },
} as const

export type DoubtCode = keyof typeof MESSAGES

/** What keeps a lab from being proven. Lines and columns count from 1. */
export interface Doubt {
  readonly code: DoubtCode
  readonly line: number
  readonly column: number
  readonly what: string
  readonly advice: string
}

export function doubt(
  code: DoubtCode,
  { line, column = 1 }: { readonly line: number; readonly column?: number },
  values: Readonly<Record<string, string>> = {},
): Doubt {
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
  const { what, advice } = MESSAGES[code]
  return { code, line, column, what: fill(what), advice: fill(advice) }
}
