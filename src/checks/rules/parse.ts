import { type Grammar, type Meaning, type Module, type Option, option } from './grammar.ts'
import { type Item, itemKey, type Rule } from './rule.ts'
import { quoteWord, ruleWords } from './words.ts'

/**
 * Reads a rule as it stands after `-A CHAIN`, in any spelling that iptables or ebtables accept. Never throws: what is
 * not known is taken literally.
 */
export function parseRule(text: string, grammar: Grammar): Rule {
  // The same rules are read before and after each command.
  const rules = known.get(grammar) ?? new Map<string, Rule>()
  if (rules.size >= MOST_KNOWN) rules.clear()
  known.set(grammar, rules)
  const rule = rules.get(text) ?? new RuleReader(ruleWords(text), grammar).read()
  rules.set(text, rule)
  return rule
}

const known = new WeakMap<Grammar, Map<string, Rule>>()
const MOST_KNOWN = 10_000

/** A match, a target or the rule itself, with what is said of it. */
interface Part {
  readonly name: string
  readonly kind: 'core' | 'match' | 'target'
  readonly module: Module | undefined
  readonly items: Item[]
}

const MATCH = option('--match -m')
const JUMP = option('--jump -j')
const GOTO = option('--goto -g')
const EMPTY: Module = { options: [], whole: false, silent: true }

class RuleReader {
  readonly #words: string[]
  readonly #grammar: Grammar
  readonly #core: Part
  readonly #parts: Part[]
  readonly #protocol: string | undefined

  constructor(words: string[], grammar: Grammar) {
    this.#words = words
    this.#grammar = grammar
    this.#core = { name: '', kind: 'core', module: grammar.core, items: [] }
    this.#parts = [this.#core]
    const index = words.findIndex((word) => /^(-p|--proto\w*)$/.test(word))
    const protocol = words.slice(index + 1).find((word) => word !== '!')
    this.#protocol = index < 0 || protocol === undefined ? undefined : grammar.protocol(protocol)
  }

  read(): Rule {
    while (this.#words.length > 0) this.#readOption()
    return canonical(this.#parts)
  }

  #readOption(): void {
    const outer = this.#words[0] === '!'
    if (outer) this.#words.shift()
    const written = this.#words.shift() ?? ''
    const { name, attached } = splitAttached(written)
    if (attached !== undefined) this.#words.unshift(attached)
    const { part, option: found } = this.#find(name)
    // Before 1.4.3, iptables had the exclamation mark behind the option.
    const inner = found.arity !== 0 && this.#words[0] === '!' && this.#words.length > 1
    if (inner) this.#words.shift()
    const count = found.arity >= 0 ? found.arity : this.#wordsToNextOption()
    const words = this.#words.splice(0, count)
    this.#say(part, found, words, outer !== inner, [name, ...words.map(quoteWord)].join(' '))
  }

  /** Options that are spelled out come first, then those that are abbreviated, as getopt_long(3) has it. */
  #find(name: string): { part: Part; option: Option } {
    const special = [MATCH, JUMP, GOTO].find(({ names }) => names.includes(name))
    if (special) return { part: this.#core, option: special }
    const latestFirst = [this.#core, ...this.#parts.slice(1).toReversed()]
    const isBrief = name.startsWith('--') && name.length > 2
    for (const choose of isBrief ? [exactly, abbreviated] : [exactly]) {
      for (const part of latestFirst) {
        const found = choose(part.module, name)
        if (found) return { part, option: found }
      }
    }
    const module = this.#protocol === undefined ? undefined : this.#grammar.matches.get(this.#protocol)
    const found = exactly(module, name) ?? (isBrief ? abbreviated(module, name) : undefined)
    if (found) return { part: this.#open(this.#protocol!, 'match', module), option: found }
    return { part: this.#parts.at(-1)!, option: { names: [name], arity: -1, read: (words) => words.join(' ') } }
  }

  /** For an option that is not known. */
  #wordsToNextOption(): number {
    const next = this.#words.findIndex((word) => word === '!' || /^--?[a-z]/i.test(word))
    return next < 0 ? this.#words.length : next
  }

  #say(part: Part, found: Option, words: readonly string[], negated: boolean, written: string): void {
    const [word = ''] = words
    if (found === MATCH) {
      this.#open(word, 'match', this.#grammar.matches.get(word))
      return
    }
    if (found === JUMP && word === this.#grammar.noTarget) return
    const text = `${negated ? '! ' : ''}${written}`
    const said = found.read(words) ?? (negated ? words.join(' ') : [])
    for (const meaning of [said].flat()) {
      const { match, option: name, value }: Meaning = typeof meaning === 'string' ? { value: meaning } : meaning
      part.items.push({ negated, match: match ?? part.name, option: name ?? found.names[0], value, text })
    }
    if (found === JUMP) this.#open(`-j ${word}`, 'target', this.#grammar.targets.get(word))
  }

  #open(name: string, kind: Part['kind'], module: Module | undefined): Part {
    const part: Part = { name, kind, module, items: [] }
    this.#parts.push(part)
    return part
  }
}

/** `--dport=80` is an option and its word in one. */
function splitAttached(written: string): { name: string; attached: string | undefined } {
  const [, name = written, attached] = /^(--[^=]+)=([\s\S]*)$/.exec(written) ?? []
  return { name, attached }
}

function exactly(module: Module | undefined, name: string): Option | undefined {
  return module?.options.find(({ names }) => names.includes(name))
}

function abbreviated(module: Module | undefined, name: string): Option | undefined {
  const found = (module ?? EMPTY).options.filter(({ names }) => names.some((one) => one.startsWith(name)))
  return found.length === 1 ? found[0] : undefined
}

function canonical(parts: readonly Part[]): Rule {
  const names = new Map<string, Item[][]>()
  const items: Item[] = []
  for (const { name, kind, module, items: said } of parts) {
    const isBare = kind === 'match' && said.length === 0 && !module?.silent
    const all = isBare ? [{ negated: false, match: name, option: '', value: '', text: `-m ${name}` }] : said
    if (kind !== 'match' || (module && !module.whole)) items.push(...all)
    else names.set(name, [...(names.get(name) ?? []), all])
  }
  for (const same of names.values()) items.push(...numbered(same))
  const keys = items.map(itemKey)
  return items.filter((item, index) => keys.indexOf(itemKey(item)) === index).toSorted(byKey)
}

/** Several matches of one name, whose options may not be mixed up: sorted, then told apart by a number. */
function numbered(matches: readonly Item[][]): Item[] {
  return matches
    .map((items) => items.toSorted(byKey))
    .toSorted((a, b) => compare(a.map(itemKey).join('\n'), b.map(itemKey).join('\n')))
    .flatMap((items, index) =>
      index === 0 ? items : items.map((one) => ({ ...one, match: `${one.match}#${index + 1}` })),
    )
}

function byKey(a: Item, b: Item): number {
  return compare(itemKey(a), itemKey(b))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
