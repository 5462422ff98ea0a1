import { describe, expect, test } from 'vitest'
import { ProbeError } from '../../../src/world/probes.ts'
import { legacy, lookAtRules, nft, type Programs, seenRules, WARNING } from '../../support/rules-probe.ts'

type Spec = Readonly<Record<string, unknown>>

const DNAT = 'nat PREROUTING -p tcp -i o0 --dport 8080 -j DNAT --to 10.0.0.2:80'
const MASQUERADE = 'nat POSTROUTING -o ! br0 -s 10.0.0.0/255.255.255.0 -j MASQUERADE'
const RELATED = 'filter FORWARD -m state --state ESTABLISHED,RELATED -j ACCEPT'
const TWICE = 'filter OUTPUT -p icmp -d 10.0.0.2 -j ACCEPT'

/** A check as written, whether it holds, and something of what is said to have been seen. */
const CASES: readonly (readonly [spec: Spec, holds: boolean, seen: RegExp])[] = [
  [{ iptables: DNAT }, true, /^rule 1 has counted 1 packet, 60 bytes/],
  [{ iptables: DNAT, packets: '+1', bytes: '+60' }, true, /^rule 1 has counted 1 packet, 60 bytes/],
  [{ iptables: DNAT, packets: 1 }, true, /^rule 1/],
  [
    { iptables: DNAT, packets: '+2' },
    false,
    /^rule 1 has counted 1 packet, 60 bytes\nnat PREROUTING \(policy ACCEPT\):/,
  ],
  [{ iptables: DNAT, packets: '+0' }, false, /^rule 1 has counted 1 packet/],
  [{ iptables: DNAT, packets: 0 }, false, /^rule 1 has counted 1 packet/],
  [{ iptables: DNAT, packets: '>= 1', position: 1 }, true, /^rule 1/],
  [{ iptables: DNAT, position: 2 }, false, /^it is rule 1\n/],
  [{ iptables: DNAT, absent: true }, false, /^it is rule 1\n/],
  [{ iptables: DNAT, absent: true, position: 2 }, true, /^nat PREROUTING|^rule 1/],
  [{ iptables: MASQUERADE, packets: '+1' }, true, /^rule 1/],
  [{ iptables: RELATED, packets: '+14', position: 1 }, true, /^rule 1 has counted 14 packets, 1105 bytes/],
  [{ iptables: RELATED, packets: '>= 10', bytes: '< 2000' }, true, /^rule 1/],
  [{ iptables: RELATED, packets: '> 14' }, false, /^rule 1/],
  [{ iptables: 'filter FORWARD -s 10.0.0.0/24 -j ACCEPT', packets: '+1' }, true, /^rule 2/],
  [
    { iptables: `filter FORWARD -s 10.0.0.0/24 -j ACCEPT -m comment --comment 'it'\\''s from "inside"'` },
    true,
    /^rule 2/,
  ],
  [
    { iptables: 'filter FORWARD -s 10.0.0.0/24 -j ACCEPT -m comment --comment outside' },
    false,
    /comes near: it has `--com/,
  ],
  // The first of two equal rules takes all packets.
  [{ iptables: TWICE, packets: '+1' }, true, /while it was watched 1 packet, 84 bytes; rule 2 has counted 0 packets/],
  [{ iptables: TWICE, packets: 3 }, true, /^rule 1 has counted 3 packets/],
  [
    { iptables: TWICE, packets: '+3' },
    false,
    /^rule 1 has counted 3 packets, 252 bytes; while it was watched 1 packet, 84/,
  ],
  [{ iptables: TWICE, packets: '+0' }, false, /^rule 1/],
  [{ iptables: TWICE, packets: '+0', position: 2 }, true, /^rule 1/],
  [{ iptables: TWICE, position: 2 }, true, /^rule 1/],
  [{ iptables: TWICE, packets: '<= 1' }, true, /^rule 1/],
  // What is not there.
  [
    { iptables: 'nat PREROUTING -p tcp -i o0 --dport 8081 -j DNAT --to 10.0.0.2:80' },
    false,
    /^nat PREROUTING has other rules\nrule 1 comes near: it has `--dport 8080` instead of `--dport 8081`\nnat PREROUTING \(policy ACCEPT\):\n {2}1 \[1:60\] -i o0/,
  ],
  [{ iptables: 'nat POSTROUTING -s 10.0.0.0/24 -j MASQUERADE' }, false, /rule 1 comes near: it also has `! -o br0`/],
  [
    { iptables: 'nat OUTPUT -s 10.0.0.0/24 ! -o br0 -j MASQUERADE' },
    false,
    /^nat OUTPUT has no rules\nnat POSTROUTING has it as/,
  ],
  [{ iptables: 'filter INPUT -j DROP', absent: true }, true, /^filter INPUT \(policy ACCEPT\) has 0 rules$/],
  [{ iptables: 'mangle INPUT -j DROP', absent: true }, true, /^mangle INPUT \(policy ACCEPT\) has 0 rules$/],
  [{ iptables: 'mangle INPUT -j DROP' }, false, /^mangle INPUT has no rules$/],
  [{ iptables: 'filter NOWHERE -j DROP', absent: true }, true, /^there is no chain NOWHERE/],
  [
    { iptables: 'filter NOWHERE -j DROP' },
    false,
    /^there is no chain NOWHERE in the table filter: there are INPUT, FORWARD/,
  ],
  // Chains and policies.
  [{ iptables: 'filter FORWARD', policy: 'DROP' }, true, /^filter FORWARD \(policy DROP\) has 3 rules$/],
  [{ iptables: 'filter FORWARD', policy: 'ACCEPT' }, false, /^its policy is DROP\n/],
  [{ iptables: 'filter INPUT', policy: 'ACCEPT' }, true, /^filter INPUT \(policy ACCEPT\) has 0 rules$/],
  [{ iptables: 'mangle FORWARD', policy: 'ACCEPT' }, true, /^mangle FORWARD \(policy ACCEPT\)/],
  [{ iptables: 'filter DOCKER' }, true, /^filter DOCKER has 0 rules$/],
  [{ iptables: 'filter DOCKER', policy: 'ACCEPT' }, false, /^its policy is none$/],
  [{ iptables: 'filter DOCKER', absent: true }, false, /^there is a chain filter DOCKER$/],
  [{ iptables: 'nat DOCKER', absent: true }, true, /^there is no chain DOCKER in the table nat/],
  [{ iptables: 'nat DOCKER' }, false, /^there is no chain DOCKER in the table nat: there are PREROUTING, INPUT/],
]

describe.each([
  ['nft', nft],
  ['legacy', legacy],
] as const)('iptables, back end %s', (_backEnd, programs) => {
  test.each(CASES)('%o: %s', async (spec, holds, actual) => {
    expect(await lookAtRules(spec, programs('before'), programs('after'))).toMatchObject({
      holds,
      actual: expect.stringMatching(actual),
    })
  })

  test('a rule that was made while it was watched counts from zero', async () => {
    expect(await lookAtRules({ iptables: DNAT, packets: '+1' }, programs('empty'), programs('after'))).toMatchObject({
      holds: true,
    })
    const noNamespace = { 'iptables-nft-save -c': new ProbeError('missing-namespace', 'there is none') }
    expect(await lookAtRules({ iptables: DNAT, packets: '+1' }, noNamespace, programs('after'))).toMatchObject({
      holds: true,
    })
  })

  test('and so does one that has counted less than before', async () => {
    expect(await lookAtRules({ iptables: TWICE, packets: '+2' }, programs('after'), programs('before'))).toMatchObject({
      holds: true,
    })
  })

  test('if nothing happens, nothing is counted', async () => {
    expect(await lookAtRules({ iptables: DNAT, packets: '+1' }, programs('after'), programs('after'))).toMatchObject({
      holds: false,
    })
    expect(await lookAtRules({ iptables: DNAT, packets: '+0' }, programs('after'), programs('after'))).toMatchObject({
      holds: true,
    })
    expect(await lookAtRules({ iptables: TWICE, packets: '+0' }, programs('after'), programs('after'))).toMatchObject({
      holds: true,
    })
  })
})

describe('both back ends', () => {
  const both = (one: string, other: string): Programs => ({
    'iptables-nft-save -c': { ...seenRules.nft[one]!, stderr: WARNING },
    'iptables-legacy-save -c': seenRules.legacy[other]!,
  })

  test.each<[Spec, string, string, boolean, RegExp]>([
    [{ iptables: DNAT }, 'after', 'empty', true, /^rule 1 has counted/],
    [{ iptables: DNAT }, 'empty', 'after', true, /^rule 1 \(legacy\) has counted/],
    [{ iptables: DNAT }, 'after', 'after', true, /rule 1 \(legacy\).*; back ends with rules: nft, legacy$/],
    [{ iptables: DNAT, absent: true }, 'empty', 'after', false, /^it is rule 1\n/],
    [{ iptables: DNAT, absent: true }, 'after', 'empty', false, /^it is rule 1\n/],
    [{ iptables: DNAT, absent: true }, 'empty', 'empty', true, /has 0 rules$/],
    [
      { iptables: DNAT, packets: 0 },
      'before',
      'after',
      false,
      /^rule 1 has counted 0 .*; rule 1 \(legacy\) has counted 1 /,
    ],
    [{ iptables: DNAT, packets: 1 }, 'before', 'after', true, /./],
    [{ iptables: 'filter FORWARD', policy: 'DROP' }, 'empty', 'after', true, /^filter FORWARD \(policy DROP\)/],
    [{ iptables: 'filter FORWARD', policy: 'ACCEPT' }, 'after', 'empty', false, /^its policy is DROP/],
    [{ iptables: 'filter INPUT -j DROP' }, 'after', 'after', false, /^filter INPUT has no rules$/],
    [
      { iptables: 'nat PREROUTING -j ACCEPT' },
      'after',
      'after',
      false,
      /\nboth back ends hold rules in this table: nft and legacy\nnat PREROUTING.*\nnft +1 \[1:60\] -i o0 .*\nlegacy +1 \[1:60\]/,
    ],
  ])('%o, %s and %s: %s', async (spec, one, other, holds, actual) => {
    const judgement = await lookAtRules(spec, both(one, other), both(one, other))
    expect(judgement).toMatchObject({ holds, actual: expect.stringMatching(actual) })
  })
})

describe('ebtables', () => {
  const programs = (name: string): Programs => ({ 'ebtables -t filter -L --Lc': seenRules.ebtables[name]! })

  test.each<[Spec, boolean, RegExp]>([
    [
      { ebtables: 'filter OUTPUT -o i0 -p ip --ip-proto 1 -j ACCEPT', packets: '+3', bytes: '+252' },
      true,
      /^rule 1 has/,
    ],
    [{ ebtables: 'filter OUTPUT -p arp', packets: '+0', position: 2 }, true, /^rule 2 has counted 0 packets/],
    [{ ebtables: 'filter OUTPUT -p arp -j DROP' }, false, /rule 2 comes near: it lacks `-j DROP`\n/],
    [{ ebtables: 'filter OUTPUT -p arp -j DROP', absent: true }, true, /^filter OUTPUT \(policy ACCEPT\) has 2 rules$/],
    [{ ebtables: 'filter FORWARD', policy: 'DROP' }, true, /policy DROP/],
    [{ ebtables: 'filter INPUT', policy: 'DROP' }, false, /^its policy is ACCEPT/],
    [{ ebtables: 'filter MINE' }, false, /^there is no chain MINE/],
  ])('%o: %s', async (spec, holds, actual) => {
    const judgement = await lookAtRules(spec, programs('before'), programs('after'))
    expect(judgement).toMatchObject({ holds, actual: expect.stringMatching(actual) })
  })
})
