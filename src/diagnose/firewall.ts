import { network } from '../checks/rules/addresses.ts'
import { ebtablesGrammar } from '../checks/rules/ebtables-grammar.ts'
import { type Grammar, literal, module, option } from '../checks/rules/grammar.ts'
import { iptablesGrammar } from '../checks/rules/iptables-grammar.ts'
import { parseSaved, type Table } from '../checks/rules/ruleset.ts'
import type { Sections } from './snapshot.ts'

/** The rules of one program in one place, with what they have counted. */
export interface Firewall {
  /** As a person types it. */
  readonly program: 'iptables' | 'iptables-legacy' | 'ebtables' | 'arptables'
  readonly grammar: Grammar
  readonly tables: ReadonlyMap<string, Table>
}

/** arptables(8), as far as `arptables-save` prints it. */
const arptablesGrammar: Grammar = {
  core: module(
    option('--source-ip -s', network),
    option('--destination-ip -d', network),
    option('--source-mac'),
    option('--destination-mac'),
    option('--in-interface -i'),
    option('--out-interface -o'),
    option('--opcode'),
  ),
  matches: new Map(),
  targets: new Map(),
  protocol: literal,
  noTarget: undefined,
}

export function readFirewalls(sections: Sections): { firewalls: Firewall[]; foreignTables: string[] } {
  const firewall = (program: Firewall['program'], grammar: Grammar): Firewall => ({
    program,
    grammar,
    tables: parseSaved(sections.get(program) ?? ''),
  })
  return {
    firewalls: [
      firewall('iptables', iptablesGrammar),
      firewall('iptables-legacy', iptablesGrammar),
      firewall('ebtables', ebtablesGrammar),
      firewall('arptables', arptablesGrammar),
    ],
    foreignTables: (sections.get('tables') ?? '')
      .split('\n')
      .filter((line) => /^table /.test(line) && !OURS.test(line))
      .map((line) => line.trim()),
  }
}

/** What iptables-nft, ebtables-nft and arptables-nft use; ip6tables has nothing to say to IPv4. */
const OURS = /^table (?:ip6 \S+|ip (?:raw|mangle|nat|filter|security)|bridge (?:broute|nat|filter)|arp filter)$/
