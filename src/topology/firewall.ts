import { parseSaved } from '../checks/rules/ruleset.ts'
import { ProbeError } from '../world/probes.ts'
import type { World } from '../world/world.ts'

/** A chain of iptables that says something: it has rules, or another policy than ACCEPT, or somebody has made it. */
export interface Chain {
  readonly table: string
  readonly name: string
  /** Undefined for a chain that somebody has made. */
  readonly policy: string | undefined
  /** As `iptables -S` prints them, without `-A` and the name of the chain. */
  readonly rules: readonly string[]
}

/** `filter FORWARD` */
export function titleOf({ table, name }: Chain): string {
  return `${table} ${name}`
}

/** The chains of all tables of a place. Where iptables is missing there are none. */
export async function readFirewall(world: World, place: string): Promise<Chain[]> {
  try {
    const { stdout } = await world.probe(place, ['iptables-save'])
    return toFirewall(stdout)
  } catch (error) {
    if (error instanceof ProbeError) return []
    throw error
  }
}

/** What `iptables-save` prints, in the order in which a packet meets the tables. */
export function toFirewall(saved: string): Chain[] {
  const tables = [...parseSaved(saved)].toSorted(([a], [b]) => rank(a) - rank(b))
  return tables.flatMap(([table, chains]) =>
    [...chains]
      .map(([name, { policy, rules }]): Chain => ({ table, name, policy, rules: rules.map(({ text }) => text) }))
      .filter(({ policy, rules }) => rules.length > 0 || policy !== 'ACCEPT'),
  )
}

/** A line of a table in a picture. `chain` is its title; `rule` the number of a rule, where the line is one. */
export interface PictureLine {
  readonly text: string
  readonly chain: string
  readonly rule?: number
}

export interface PictureTable {
  readonly table: string
  readonly lines: readonly PictureLine[]
  /** Rules are only counted. */
  readonly isShort: boolean
}

/**
 * The tables for a picture. One with more rules than a picture has room for is made short: what does not rewrite addresses is
 * counted.
 */
export function pictureTables(firewall: readonly Chain[]): PictureTable[] {
  const tables = [...new Set(firewall.map(({ table }) => table))]
  return tables.map((table) => {
    const chains = firewall.filter((chain) => chain.table === table)
    const isShort = chains.reduce((sum, { rules }) => sum + rules.length, 0) > MOST_DRAWN
    return { table, isShort, lines: chains.flatMap((chain) => chainLines(chain, isShort)) }
  })
}

const MOST_DRAWN = 6

function chainLines(chain: Chain, isShort: boolean): PictureLine[] {
  const { name, policy, rules } = chain
  const title = titleOf(chain)
  const drawn = rules
    .map((rule, index): PictureLine => ({ text: `${name} ${rule}`, chain: title, rule: index + 1 }))
    .filter(({ text }) => !isShort || /-j (DNAT|SNAT|MASQUERADE|REDIRECT)\b/.test(text))
  const counted = rules.length - drawn.length
  const facts = [
    ...(policy === undefined || policy === 'ACCEPT' ? [] : [`policy ${policy}`]),
    ...(counted > 0 ? [`${counted} ${drawn.length > 0 ? 'more ' : ''}rule${counted === 1 ? '' : 's'}`] : []),
    ...(rules.length === 0 && policy === undefined ? ['empty'] : []),
  ]
  if (facts.length === 0) return drawn
  return [{ text: `${name}: ${facts.join(', ')}`, chain: title }, ...drawn]
}

/** A table that is not known comes last. */
function rank(table: string): number {
  const index = ['raw', 'mangle', 'nat', 'filter'].indexOf(table)
  return index < 0 ? Infinity : index
}
