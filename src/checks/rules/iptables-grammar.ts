import { network } from './addresses.ts'
import { flag, type Grammar, module, option, pair } from './grammar.ts'
import { iptablesMatches } from './iptables-matches.ts'
import { iptablesTargets } from './iptables-targets.ts'
import { protocol } from './protocols.ts'

const device = (word: string) => (word === '+' ? undefined : word)
const nothing = () => undefined

/** iptables(8), for IPv4. */
export const iptablesGrammar: Grammar = {
  core: module(
    option('--protocol -p', protocol),
    option('--source --src -s', network),
    option('--destination --dst -d', network),
    option('--in-interface -i', device),
    option('--out-interface -o', device),
    flag('--fragment -f'),
    pair('--set-counters -c', nothing),
    flag('--ipv4 -4', nothing),
  ),
  matches: iptablesMatches,
  targets: iptablesTargets,
  protocol: (word) => protocol(word) ?? word,
  noTarget: undefined,
}
