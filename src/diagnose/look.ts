import type { RuleRef } from './chains.ts'

/** The command that shows a chain, with the numbers and counters of its rules. */
export function listing({ program, table, chain }: RuleRef): string {
  if (program === 'ebtables') return `ebtables -t ${table} -L ${chain} --Ln --Lc`
  return program === 'arptables' ? `arptables -nvL ${chain}` : `${program} -t ${table} -nvL ${chain} --line-numbers`
}

/** A command for a place, as a person would type it. */
export function typed(place: string, command: string, outside: readonly string[]): string {
  if (place === 'host') return command
  if (outside.includes(place)) return `(on ${place}) ${command}`
  return command.startsWith('ip ') ? `ip -n ${place} ${command.slice(3)}` : `ip netns exec ${place} ${command}`
}
