import { expect, it } from 'vitest'
import { networkChanges } from '../../../src/topology/changes.ts'
import { toFirewall } from '../../../src/topology/firewall.ts'
import { toMermaid } from '../../../src/topology/mermaid.ts'
import type { Network } from '../../../src/topology/network.ts'
import { toSvg } from '../../../src/topology/svg.ts'
import { toText } from '../../../src/topology/text.ts'

const DOCKER = `*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [3:252]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-USER -j RETURN
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8000 -j DNAT --to-destination 172.17.0.2:80
COMMIT
`

const withRules = (saved: string): Network => ({
  places: [
    { name: 'host', outside: false, devices: [], firewall: toFirewall(saved) },
    { name: 'net1', outside: false, devices: [], firewall: [] },
  ],
  cables: [],
})
const look = { width: 80, colour: false }
const grown = DOCKER.replace('-A FORWARD -i', '-A FORWARD -i ens33 -j DROP\n-A FORWARD -i')
  .replace(':DOCKER-USER', ':MINE - [0:0]\n:DOCKER-USER')
  .replace('INPUT ACCEPT', 'INPUT DROP')

it('has the chains that say something, in the order in which a packet meets the tables', () => {
  expect(toFirewall(DOCKER).map(({ table, name, rules }) => `${table} ${name} ${rules.length}`)).toEqual([
    'nat PREROUTING 1',
    'nat POSTROUTING 1',
    'nat DOCKER 1',
    'filter FORWARD 5',
    'filter DOCKER 0',
    'filter DOCKER-ISOLATION-STAGE-1 1',
    'filter DOCKER-USER 1',
  ])
})

it('tells policies, chains and rules with jumps in lines of at most 80 columns, instead of a picture that counts them', () => {
  const text = toText(withRules(DOCKER), look)
  expect(text).toBe(`  host: only lo
    nat PREROUTING
      1 -m addrtype --dst-type LOCAL -j DOCKER
    nat POSTROUTING
      1 -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
    nat DOCKER
      1 ! -i docker0 -p tcp -m tcp --dport 8000 -j DNAT --to-destination
          172.17.0.2:80
    filter FORWARD, policy DROP
      1 -j DOCKER-USER
      2 -j DOCKER-ISOLATION-STAGE-1
      3 -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
      4 -o docker0 -j DOCKER
      5 -i docker0 ! -o docker0 -j ACCEPT
    filter DOCKER: empty
    filter DOCKER-ISOLATION-STAGE-1
      1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
    filter DOCKER-USER
      1 -j RETURN
  net1: only lo
`)
  expect(toText(withRules('*filter\n:FORWARD DROP [0:0]\n-A FORWARD -j LOG\n'), look)).toContain('│ FORWARD -j LOG')
})

it('marks a new rule, a new chain and another policy; of what is gone it tells the number that it had', () => {
  const changes = networkChanges(withRules(DOCKER), withRules(grown))
  const text = toText(withRules(grown), { ...look, changes })
  expect(text).toContain('\n    ~ filter INPUT, policy DROP\n')
  expect(text).toContain('\n    + 5 -i ens33 -j DROP\n      6 -i docker0 ! -o docker0 -j ACCEPT\n')
  expect(text).toContain('\n    + filter MINE: empty\n')
  expect(text).toContain('  ~ host, chain filter INPUT: policy was ACCEPT, is DROP\n')
  const back = networkChanges(withRules(grown), withRules(DOCKER))
  expect(toText(withRules(DOCKER), { ...look, changes: back })).toMatch(
    /~ host, chain filter INPUT: policy was DROP, is ACCEPT\n {2}- host, filter FORWARD, rule 5: -i ens33 -j DROP\n {2}- host, chain filter MINE\n$/,
  )
})

it('tells the second of two equal rules', () => {
  const twice = DOCKER.replace('-A DOCKER-USER', '-A DOCKER-USER -j RETURN\n-A DOCKER-USER')
  expect(networkChanges(withRules(DOCKER), withRules(twice))).toEqual([
    { kind: 'new', place: 'host', chain: 'filter DOCKER-USER', rule: 2, what: '-j RETURN' },
  ])
})

it('names chains that are as before where all of them would scroll away', () => {
  const changes = networkChanges(withRules(DOCKER), withRules(grown))
  expect(toText(withRules(grown), { ...look, height: 24, changes })).toBe(`  host: only lo
    ~ filter INPUT, policy DROP
    filter FORWARD, policy DROP
      1 -j DOCKER-USER
      2 -j DOCKER-ISOLATION-STAGE-1
      3 -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
      4 -o docker0 -j DOCKER
    + 5 -i ens33 -j DROP
      6 -i docker0 ! -o docker0 -j ACCEPT
    + filter MINE: empty
    as before: nat PREROUTING, nat POSTROUTING, nat DOCKER, filter DOCKER,
    filter DOCKER-ISOLATION-STAGE-1, filter DOCKER-USER
  as before: net1
  + new  ~ changed
  ~ host, chain filter INPUT: policy was ACCEPT, is DROP
`)
})

it('tells them in words, what is new before all else, and does not tell again what is as before', () => {
  const changes = networkChanges(withRules(DOCKER), withRules(grown))
  expect(
    toText(withRules(grown), { ...look, plain: true, changes }),
  ).toBe(`Changed: host, chain filter INPUT (policy was ACCEPT, is DROP).
New: host, filter FORWARD, rule 5: -i ens33 -j DROP
New: host, chain filter MINE.
Map of the network:
host: only lo.
  filter INPUT: policy DROP.
  filter FORWARD: policy DROP.
  filter FORWARD, rule 1: -j DOCKER-USER
  filter FORWARD, rule 2: -j DOCKER-ISOLATION-STAGE-1
  filter FORWARD, rule 3: -o docker0 -m conntrack --ctstate
      RELATED,ESTABLISHED -j ACCEPT
  filter FORWARD, rule 4: -o docker0 -j DOCKER
  filter FORWARD, rule 5: -i ens33 -j DROP
  filter FORWARD, rule 6: -i docker0 ! -o docker0 -j ACCEPT
  filter MINE: empty.
  As before: nat PREROUTING, nat POSTROUTING, nat DOCKER, filter DOCKER,
      filter DOCKER-ISOLATION-STAGE-1, filter DOCKER-USER.
As before: net1.
`)
  const asked = toText(withRules(grown), { ...look, plain: true, changes, whole: true })
  expect(asked).toContain('New: host, chain filter MINE.\nMap of the network:\n')
  expect(asked).toContain('filter DOCKER-USER, rule 1:')
  expect(asked).not.toContain('As before')
  expect(toText(withRules(DOCKER), { ...look, plain: true })).toContain(
    '\n  filter FORWARD: policy DROP.\n  filter FORWARD, rule 1: -j DOCKER-USER\n',
  )
  expect(toText(withRules(DOCKER), { ...look, plain: true })).toContain(' -j DNAT\n      --to-destination')
})

it('lets no comment of a rule out of its line in Mermaid', () => {
  const drawn = toMermaid(
    withRules(DOCKER.replace('-A PREROUTING', '-A PREROUTING -m comment --comment "a\u001b[31mb"')),
  )
  expect(drawn).not.toContain('\u001b')
  expect(drawn).toContain('PREROUTING -m comment')
})

it('counts many rules in Mermaid and SVG, but not those that rewrite addresses', () => {
  const many = DOCKER.replace('-A PREROUTING', `${'-A PREROUTING -j LOG\n'.repeat(9)}-A PREROUTING`)
  expect(toMermaid(withRules(many))).toContain(
    '["nat<br/>PREROUTING: 10 rules<br/>POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE<br/>DOCKER ! -i',
  )
  expect(toMermaid(withRules(many))).toContain(
    '["filter<br/>FORWARD: policy DROP, 5 rules<br/>DOCKER: empty<br/>DOCKER-ISOLATION-STAGE-1: 1 rule<br/>',
  )
  expect(toSvg(withRules(many))).toContain('>filter FORWARD: policy<')
})
