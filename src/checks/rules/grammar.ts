/** What an option means, where that is more than its value: another option, also one of another match. */
export interface Meaning {
  readonly match?: string
  readonly option?: string
  readonly value: string
}

/**
 * What the words after an option mean: a value, something more, or several things. Undefined: nothing that would not be
 * so without it, as `--reject-with` with the default. Where such an option is negated, the words stand for themselves.
 */
type Said = string | Meaning | readonly Meaning[] | undefined
export type Reading = (words: readonly string[]) => Said

export interface Option {
  /** The long name first. */
  readonly names: readonly [string, ...string[]]
  /** How many words follow. */
  readonly arity: number
  readonly read: Reading
}

/** A match (`-m`), a target (`-j`), or what every rule knows. */
export interface Module {
  readonly options: readonly Option[]
  /** Its options belong together (`recent`): of two such matches in one rule, they may not be mixed up. */
  readonly whole: boolean
  /** It says nothing by its name alone, as `-m tcp` after `-p tcp`. */
  readonly silent: boolean
}

/** The language of iptables or of ebtables. */
export interface Grammar {
  readonly core: Module
  /** By name; those named like a protocol need no `-m` after its `-p`. */
  readonly matches: ReadonlyMap<string, Module>
  readonly targets: ReadonlyMap<string, Module>
  /** The name of a protocol, as `-p` gives it. */
  readonly protocol: (word: string) => string
  /** The target that is the same as none. */
  readonly noTarget: string | undefined
}

/** An option with one word: `option('--destination-port --dport', port)`. */
export function option(names: string, read: (word: string) => Said = literal): Option {
  return { names: split(names), arity: 1, read: ([word = '']) => read(word) }
}

/** An option with two words. */
export function pair(names: string, read: (first: string, second: string) => Said): Option {
  return { names: split(names), arity: 2, read: ([first = '', second = '']) => read(first, second) }
}

/** An option without a word. */
export function flag(names: string, read: () => Said = () => ''): Option {
  return { names: split(names), arity: 0, read }
}

/** A module whose options each say something for themselves. */
export function module(...options: Option[]): Module {
  return { options, whole: false, silent: false }
}

/** The module of a protocol. */
export function protocolModule(...options: Option[]): Module {
  return { options, whole: false, silent: true }
}

/** A module whose options belong together. */
export function wholeModule(...options: Option[]): Module {
  return { options, whole: true, silent: false }
}

/** A reading whose result says nothing if it is the default. */
export function unless(value: string, read: (word: string) => string | undefined = literal) {
  return (word: string) => {
    const result = read(word)
    return result === value ? undefined : result
  }
}

export function literal(word: string): string {
  return word
}

function split(names: string): [string, ...string[]] {
  const [first = '', ...others] = names.split(' ')
  return [first, ...others]
}
