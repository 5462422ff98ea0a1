import { savedLines } from './rules/saved-lines.ts'

/** Where a rule stands, and what it says. */
export interface RulePlace {
  /** In its chain, from 1, as `iptables -L --line-numbers` counts. */
  readonly position: number
  /** As `iptables -S` shows it, without `-A CHAIN`; undefined where that is not known. */
  readonly text: string | undefined
}

/** The rules of a network namespace at one moment. */
export interface RuleBook {
  /** By `ruleKey`. */
  readonly rules: ReadonlyMap<string, RulePlace>
  /** All chains, by the names that `chainName` makes. */
  readonly chains: ReadonlySet<string>
}

/** What the programs printed that know the rules; the last two may be empty. */
export interface RuleListings {
  /** Of `nft -j list ruleset`. */
  readonly nft: string
  /** Of `iptables-save` and `ebtables-save`. */
  readonly iptables: string
  readonly ebtables: string
}

interface NftRule {
  readonly family: string
  readonly table: string
  readonly chain: string
  readonly handle: number
}

/** Reads the lists; throws SyntaxError where the first is not JSON. */
export function readRules({ nft, iptables, ebtables }: RuleListings): RuleBook {
  const texts = new Map([...savedRules('ip', iptables), ...savedRules('bridge', ebtables)])
  const { nftables } = JSON.parse(nft) as {
    nftables: readonly { chain?: { family: string; table: string; name: string }; rule?: NftRule }[]
  }
  const rules = new Map<string, RulePlace>()
  const chains = new Set<string>()
  const counts = new Map<string, number>()
  for (const { chain, rule } of nftables) {
    if (chain) chains.add(chainName(chain.family, chain.table, chain.name))
    if (!rule) continue
    const name = chainName(rule.family, rule.table, rule.chain)
    const position = (counts.get(name) ?? 0) + 1
    counts.set(name, position)
    rules.set(ruleKey(rule), { position, text: texts.get(name)?.[position - 1] })
  }
  return { rules, chains }
}

export function ruleKey({ family, table, chain, handle }: NftRule): string {
  return `${chainName(family, table, chain)} ${handle}`
}

/** `filter:FORWARD` for iptables, `eb:filter:FORWARD` for ebtables; other families of nft come first by name. */
export function chainName(family: string, table: string, chain: string): string {
  const prefix = { ip: '', bridge: 'eb:' }[family] ?? `${family}:`
  return `${prefix}${table}:${chain}`
}

/** The rules of each chain, from the format of iptables-save(8). */
export function savedRules(family: string, listing: string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  let table = ''
  for (const line of savedLines(listing)) {
    if (line.startsWith('*')) table = line.slice(1).trim()
    const [, chain, text] = /^(?:\[\d+:\d+\] )?-A (\S+) ?(.*)$/s.exec(line) ?? []
    if (chain === undefined) continue
    const name = chainName(family, table, chain)
    found.set(name, [...(found.get(name) ?? []), text!.trim()])
  }
  return found
}
