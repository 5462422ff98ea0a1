import { parseRule } from '../checks/rules/parse.ts'
import type { Rule } from '../checks/rules/rule.ts'
import type { Chain } from '../checks/rules/ruleset.ts'
import type { Counted } from './facts.ts'
import type { Firewall } from './firewall.ts'
import { matches, type Subject } from './match.ts'

/** A rule, or the policy of a chain. */
export interface RuleRef {
  readonly program: Firewall['program']
  readonly table: string
  readonly chain: string
  /** As `iptables -L --line-numbers` counts; undefined for the policy. */
  readonly number: number | undefined
  /** The rule without `-A CHAIN`, or the policy. */
  readonly text: string
}

/** What a chain has done with a packet; `target` is that of the rule, with its options. */
export interface Taken {
  readonly target: string
  readonly rule: Rule
  readonly ref: RuleRef
}

/** How often rules were taken already, so that one count is not used for two packets. */
export type Tally = Map<string, number>

/** Targets after which a packet goes on in the same chain, and those that are chains or ends. */
const ENDS = new Set([
  'ACCEPT',
  'DROP',
  'REJECT',
  'DNAT',
  'SNAT',
  'MASQUERADE',
  'REDIRECT',
  'NETMAP',
  'QUEUE',
  'NFQUEUE',
])

interface Way {
  readonly firewall: Firewall
  readonly table: string
  readonly subject: Subject
  readonly counted: Counted
  readonly tally: Tally
  /** Rules that let the packet go on, but do something to it. */
  readonly passing: Taken[]
}

/**
 * Follows a packet through a chain of a table, rule by rule. Returns the rule or the policy that ends it there
 * (`ACCEPT` among them), and the rules before it that changed something. Undefined: there is no such chain.
 */
export function followChain(
  way: Omit<Way, 'passing'>,
  chain: string,
): { end: Taken; passing: readonly Taken[] } | undefined {
  const found = way.firewall.tables.get(way.table)?.get(chain)
  if (!found) return undefined
  const passing: Taken[] = []
  const end = through(chain, found, { ...way, passing }, 0)
  if (end !== 'return') return { end, passing }
  const text = found.policy ?? 'ACCEPT'
  const ref = { program: way.firewall.program, table: way.table, chain, number: undefined, text }
  return { end: { target: text, rule: [], ref }, passing }
}

function through(name: string, chain: Chain, way: Way, depth: number): Taken | 'return' {
  const { firewall, table, passing } = way
  for (const [index, { text }] of chain.rules.entries()) {
    const rule = parseRule(text, firewall.grammar)
    if (!isTaken(rule, name, index, way)) continue
    const ref = { program: firewall.program, table, chain: name, number: index + 1, text }
    const jump = rule.find(({ option }) => option === '--jump' || option === '--goto')
    const target = jump?.value ?? ''
    if (target === 'RETURN') return 'return'
    if (ENDS.has(target.toUpperCase())) return { target: target.toUpperCase(), rule, ref }
    const next = firewall.tables.get(table)?.get(target)
    if (!next) passing.push({ target, rule, ref })
    else if (depth < 16) {
      const end = through(target, next, way, depth + 1)
      if (end !== 'return' || jump?.option === '--goto') return end
    }
  }
  return 'return'
}

/**
 * Whether a packet matches: by what the rule says, and by what it counted when a packet like this one was sent. A rule
 * that should have matched and did not count was misread, or the packet is another one.
 */
function isTaken(rule: Rule, chain: string, index: number, { firewall, table, subject, counted, tally }: Way): boolean {
  const answer = matches(rule, subject)
  if (answer === 'no') return false
  const count = counted(firewall, table, chain, index)
  const key = `${firewall.program} ${table} ${chain} ${index}`
  const taken = tally.get(key) ?? 0
  const isCounted = count === undefined ? answer === 'yes' : answer === 'yes' ? count > 0 : count > taken
  if (isCounted) tally.set(key, taken + 1)
  return isCounted
}
