import { type Context, createContext, Script } from 'node:vm'

/** Generous, as a busy machine may be away for a while. */
const LONGEST_RUN = 1_000
const LARGEST_CHUNK = 1_024
const UNKNOWN = 0
const NO_MATCH = 1
const MATCH = 2

/** Why a regular expression is not valid, in the engine's words. */
export function expressionError(expression: string): string | undefined {
  try {
    new RegExp(expression)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^.*\/: /s, '') : String(error)
  }
}

/** Milliseconds that expressions may still run. */
export interface Allowance {
  left: number
}

/**
 * Tests regular expressions, which are not trusted, on the given lines, each for the whole line. One run takes at
 * most a second, all of them what is allowed; what takes longer is not a match and is found in `slow`.
 */
export class ExpressionTester {
  readonly slow = new Set<string>()
  readonly #lines: readonly string[]
  readonly #verdicts = new Map<string, { results: Uint8Array; chunk: number; largest: number }>()
  readonly #allowance: Allowance

  constructor(lines: readonly string[], allowance: Allowance) {
    this.#lines = lines
    this.#allowance = allowance
  }

  test(expression: string, index: number): boolean {
    let verdicts = this.#verdicts.get(expression)
    if (verdicts === undefined) {
      verdicts = { results: new Uint8Array(this.#lines.length), chunk: 1, largest: LARGEST_CHUNK }
      this.#verdicts.set(expression, verdicts)
    }
    while (verdicts.results[index] === UNKNOWN && !this.slow.has(expression)) {
      // Each run has a fixed cost, so the next lines are tested along: more and more, as a search goes on.
      const lines = this.#lines.slice(index, index + verdicts.chunk)
      const results = this.#run(expression, lines)
      if (results) verdicts.results.set(results, index)
      if (results === undefined && verdicts.chunk === 1) this.slow.add(expression)
      // One of many lines was too slow: perhaps not this one, so from now on only one at a time.
      if (results === undefined) verdicts.largest = 1
      verdicts.chunk = Math.min(verdicts.chunk * 2, verdicts.largest)
    }
    return verdicts.results[index] === MATCH
  }

  #run(expression: string, lines: readonly string[]): number[] | undefined {
    const limit = Math.min(LONGEST_RUN, Math.floor(this.#allowance.left))
    if (limit < 1) return undefined
    const began = performance.now()
    try {
      return runInPrison(`^(?:${expression})$`, lines, limit)
    } catch {
      return undefined
    } finally {
      this.#allowance.left -= performance.now() - began
    }
  }
}

let prison: { context: Context; script: Script } | undefined

/** Only a script with a time limit can be interrupted in the middle of a regular expression. */
function runInPrison(expression: string, lines: readonly string[], milliseconds: number): number[] {
  prison ??= {
    context: createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } }),
    script: new Script(`(() => {
      const expression = new RegExp(source)
      return text.split('\\n').map((line) => (expression.test(line) ? '${MATCH}' : '${NO_MATCH}')).join('')
    })()`),
  }
  const { context, script } = prison
  context.source = expression
  context.text = lines.join('\n')
  const results: unknown = script.runInContext(context, { timeout: milliseconds })
  return Array.from(String(results), Number)
}
