import { savedLines } from './saved-lines.ts'

/** A rule as it was printed, without `-A CHAIN`, and what it has counted. */
export interface CountedRule {
  readonly text: string
  readonly packets: number
  readonly bytes: number
}

export interface Chain {
  /** Undefined for a chain that somebody has made. */
  readonly policy: string | undefined
  readonly rules: readonly CountedRule[]
}

export type Table = ReadonlyMap<string, Chain>

/** What one back end holds; a table that it does not have was never used. */
export interface Ruleset {
  /** `nft` or `legacy`. */
  readonly backEnd: string
  /** The program that shows it to a person. */
  readonly program: string
  readonly tables: ReadonlyMap<string, Table>
}

/** Reads what `iptables-save` (with or without `-c`) or `iptables -t TABLE -S` (with or without `-v`) prints. */
export function parseSaved(text: string, table = 'filter'): Map<string, Table> {
  const tables = new ChainCollector(table)
  for (const line of savedLines(text)) {
    const [, counters = '', command = '', name = '', rest = ''] =
      /^(?:\[(\d+:\d+)\] )?(\*|:|-[APN] )(\S+) ?(.*)$/s.exec(line) ?? []
    if (command === '*') tables.open(name)
    else if (command === ':' || command === '-P ') tables.chain(name, policy(rest.split(' ')[0]))
    else if (command === '-N ') tables.chain(name, undefined)
    else if (command === '-A ') tables.rule(name, counted(rest, counters))
  }
  return tables.all
}

/**
 * Reads what `ebtables -t TABLE -L --Lc` prints. Undefined where a chain has not as many rules as it says: a text in a rule
 * held the end of a line, and nobody can tell what of it is a rule.
 */
export function parseEbtables(text: string): Map<string, Table> | undefined {
  const tables = new ChainCollector('filter')
  let chain = ''
  let missing = 0
  for (const line of text.split('\n')) {
    const [, table] = /^Bridge table: (\S+)/.exec(line) ?? []
    const [, name, entries, standard] = /^Bridge chain: (\S+), entries: (\d+), policy: (\S+)/.exec(line) ?? []
    const [, rule, packets, bytes] = /^(.*?) *, pcnt = (\d+) -- bcnt = (\d+)$/.exec(line) ?? []
    if (table !== undefined) tables.open(table)
    else if (name !== undefined) {
      chain = name
      missing += Number(entries)
      tables.chain(chain, standard)
    } else if (rule !== undefined) {
      missing--
      tables.rule(chain, { text: rule, packets: Number(packets), bytes: Number(bytes) })
    }
  }
  return missing === 0 ? tables.all : undefined
}

class ChainCollector {
  readonly all = new Map<string, Map<string, { policy: string | undefined; rules: CountedRule[] }>>()
  #table: string

  constructor(table: string) {
    this.#table = table
  }

  open(table: string): void {
    this.#table = table
    if (!this.all.has(table)) this.all.set(table, new Map())
  }

  chain(name: string, standard: string | undefined): void {
    this.#chains().set(name, { policy: standard, rules: [] })
  }

  rule(name: string, rule: CountedRule): void {
    this.#chains().get(name)?.rules.push(rule)
  }

  #chains() {
    this.open(this.#table)
    return this.all.get(this.#table)!
  }
}

/** A chain that somebody has made has a `-` instead. */
function policy(word: string | undefined): string | undefined {
  return word === '-' ? undefined : word
}

/** `-S -v` has the counters within the rule. */
function counted(rest: string, counters: string): CountedRule {
  const inner = counters === '' ? /(?:^| )-c (\d+) (\d+)(?= |$)/.exec(rest) : null
  const text = inner ? `${rest.slice(0, inner.index)}${rest.slice(inner.index + inner[0].length)}`.trim() : rest
  const [packets = 0, bytes = 0] = (inner ? inner.slice(1) : counters.split(':')).map(Number)
  return { text, packets, bytes }
}
