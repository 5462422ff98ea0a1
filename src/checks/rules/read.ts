import { ProbeError, type ProbeResult } from '../../world/probes.ts'
import type { Probe } from '../check.ts'
import { runQuietly } from '../quiet.ts'
import { parseEbtables, parseSaved, type Ruleset } from './ruleset.ts'

/** Looks at the rules of a place. Throws ProbeError where it cannot be sure to see all that the table holds. */
export type RuleReader = (probe: Probe, place: string, table: string) => Promise<Ruleset[]>

/**
 * What iptables holds: in the nft back end, and in the legacy one if that was ever used. It only looks: reading a
 * legacy table that is not there would create it.
 */
export const readIptables: RuleReader = async (probe, place, table) => {
  const nft = await readNft(probe, place, table)
  // iptables-nft-save says whether the other back end holds something, if it may look.
  const isHidden = nft?.saysLegacy === false && (await legacyIsHidden(probe, place))
  if (nft && !nft.saysLegacy && !isHidden) return [nft.rules]
  const legacy = await readLegacy(probe, place, table)
  if (!legacy && !isHidden) throw new ProbeError('missing-tool', 'there is no iptables-save that works')
  return [...(nft ? [nft.rules] : []), ...(legacy ? [legacy] : [])]
}

/** What ebtables holds. */
export const readEbtables: RuleReader = async (probe, place, table) => {
  const command = ['ebtables', '-t', table, '-L', '--Lc'] as const
  const result = await probe.run(place, command)
  if (result.status !== 0) throw failure(command, result)
  refuseForeign(result, table)
  const tables = parseEbtables(result.stdout)
  if (!tables) throw new ProbeError('trouble', `${command.join(' ')} prints other rules than it counts`)
  return [{ backEnd: '', program: 'ebtables', tables }]
}

/** Undefined where iptables or the kernel does not know nf_tables. */
async function readNft(probe: Probe, place: string, table: string) {
  const command = ['iptables-nft-save', '-c'] as const
  const result = await runIfThere(probe, place, command)
  if (!result || /Failed to initialize nft/.test(result.stderr)) return undefined
  if (result.status !== 0) throw failure(command, result)
  refuseForeign(result, table)
  const rules = { backEnd: 'nft', program: 'iptables-nft', tables: parseSaved(result.stdout) }
  return { rules, saysLegacy: /legacy tables present/.test(result.stderr + result.stdout) }
}

/** Undefined where iptables does not know the old way, or the kernel does not have the table. */
async function readLegacy(probe: Probe, place: string, table: string): Promise<Ruleset | undefined> {
  for (const program of ['iptables-legacy', 'iptables'] as const) {
    const all = await runIfThere(probe, place, [`${program}-save`, '-c'])
    if (!all) continue
    const command = [`${program}-save`, '-c', '-t', table] as const
    // Without a table it reads a list of tables first, which only the owner of the network namespace may do.
    const result = all.status === 0 ? all : await probe.run(place, command)
    if (/Table does not exist/.test(result.stderr)) return undefined
    if (result.status !== 0) throw failure(command, result)
    return { backEnd: 'legacy', program, tables: parseSaved(result.stdout) }
  }
  return undefined
}

/** Whether nobody is told if there are legacy tables. Found out once for each place: it is so from its beginning. */
async function legacyIsHidden(probe: Probe, place: string): Promise<boolean> {
  const known = probe.shared('places with hidden legacy tables', () => new Map<string, boolean>())
  const answer = known.get(place)
  if (answer !== undefined) return answer
  const { stderr } = await runQuietly(probe, place, ['cat', '/proc/net/ip_tables_names'])
  const isHidden = /Permission denied/.test(stderr)
  known.set(place, isHidden)
  return isHidden
}

async function runIfThere(
  probe: Probe,
  place: string,
  command: readonly [string, ...string[]],
): Promise<ProbeResult | undefined> {
  try {
    return await probe.run(place, command)
  } catch (error) {
    if (error instanceof ProbeError && error.code === 'missing-tool') return undefined
    throw error
  }
}

/** What was written with nft itself, iptables cannot always show: then nothing is known of the table. */
function refuseForeign({ stdout, stderr }: ProbeResult, table: string): void {
  if (!new RegExp(`Table \`${table}' is incompatible`).test(stdout + stderr)) return
  const reason = `the table ${table} holds rules that only nft can show: \`nft list ruleset\``
  throw new ProbeError('trouble', reason)
}

function failure(command: readonly string[], { status, stderr }: ProbeResult): ProbeError {
  const code = /not permitted|denied/i.test(stderr) ? 'not-permitted' : 'trouble'
  return new ProbeError(code, `${command.join(' ')} ended with status ${status}: ${stderr.trim()}`)
}
