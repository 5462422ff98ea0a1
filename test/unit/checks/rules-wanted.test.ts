import { describe, expect, test } from 'vitest'
import { checks } from '../../../src/checks/index.ts'
import { lookAtRules, nft } from '../../support/rules-probe.ts'

type Spec = Readonly<Record<string, unknown>>

describe('what is wanted', () => {
  test('in words', async () => {
    const { expected } = await lookAtRules(
      {
        iptables: 'nat  PREROUTING -p tcp  -j ACCEPT',
        in: 'gateway',
        position: 2,
        packets: '+1',
        bytes: '>= 60',
        policy: 'DROP',
      },
      nft('after'),
      nft('after'),
    )
    const rule = 'a rule -p tcp -j ACCEPT in nat PREROUTING in gateway'
    expect(expected).toBe(`${rule}, at number 2, 1 packet more, >= 60 bytes more, policy DROP`)
  })

  test.each<[Spec, RegExp]>([
    [{ iptables: 'INPUT -j DROP' }, /expected TABLE CHAIN RULE.*tables: filter, nat, mangle, raw, security/],
    [{ iptables: 'filter -j DROP' }, /expected TABLE CHAIN RULE/],
    [{ iptables: 'filter' }, /expected TABLE CHAIN RULE/],
    [{ iptables: 'nat PREROUTING -A PREROUTING -j DROP' }, /without -t and -A/],
    [{ iptables: 'nat PREROUTING -t nat -j DROP' }, /without -t and -A/],
    [{ iptables: 'nat PREROUTING 1 -j DROP' }, /begins with its first option/],
    [{ iptables: 'filter INPUT -s 10.0.0.1,10.0.0.2 -j DROP' }, /write a check for each/],
    [{ iptables: 'filter INPUT -j DROP', packets: 'many' }, /expected "\+1"/],
    [{ iptables: 'filter INPUT -j DROP', packets: -1 }, /expected "\+1"/],
    [{ iptables: 'filter INPUT', policy: 'REJECT' }, /ACCEPT/],
    [{ iptables: 'filter INPUT -j DROP', position: 0 }, /./],
    [{ ebtables: 'mangle INPUT -j DROP' }, /tables: filter, nat, broute/],
  ])('%o is a mistake', (spec, message) => {
    const { error } = checks.get(Object.keys(spec)[0]!)!.schema.safeParse(spec)
    expect(error?.issues[0]?.message).toMatch(message)
  })

  test.each<[Spec, string]>([
    [{ iptables: 'filter INPUT', packets: '+1' }, '`packets` needs a rule'],
    [{ iptables: 'filter INPUT', bytes: 0 }, '`bytes` needs a rule'],
    [{ iptables: 'filter INPUT', position: 1 }, '`position` needs a rule'],
    [{ iptables: 'filter INPUT -j DROP', packets: '+0', absent: true }, 'makes no sense with `absent`'],
  ])('%o cannot be found out', async (spec, message) => {
    await expect(lookAtRules(spec, nft('after'), nft('after'))).rejects.toThrow(message)
  })
})
