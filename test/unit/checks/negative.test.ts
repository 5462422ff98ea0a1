import { describe, expect, it } from 'vitest'
import { checks } from '../../../src/checks/index.ts'
import { fence, itemsOf } from '../../support/lab-text.ts'

function isNegative(...lines: readonly string[]): boolean {
  const [item] = itemsOf(fence('yaml check', ...lines)).filter((one) => one.kind === 'check')
  return checks.get(item!.check)!.isNegative(item!.spec)
}

describe('what asks that something is not there', () => {
  it.each([
    [['- ping: a -> 10.0.0.1', '  expect: no-reply']],
    [['- tcp: a -> 10.0.0.1:80', '  expect: refused']],
    [['- tcp: a -> 10.0.0.1:80', '  expect: no-answer']],
    [['- netns: a', '  absent: true']],
    [['- link: a/b', '  absent: true']],
    [['- addr: a/b', '  lacks: 10.0.0.1/24']],
    [['- route: default', '  absent: true']],
    [['- neigh: 10.0.0.1', '  absent: true']],
    [['- listen: 80/tcp', '  absent: true']],
    [['- iptables: filter INPUT -j DROP', '  absent: true']],
    [['- ebtables: filter INPUT -j DROP', '  absent: true']],
    [['- conntrack: tcp 10.0.0.1 -> 10.0.0.2', '  absent: true']],
    [['- conntrack: tcp 10.0.0.1 -> 10.0.0.2', '  count: "<= 1"']],
    [['- capture: a/b', '  never: icmp']],
    [['- capture: a/b', '  count: 0']],
  ])('%j', (lines) => expect(isNegative(...lines)).toBe(true))
})

describe('what asks that something is there', () => {
  it.each([
    [['- ping: a -> 10.0.0.1']],
    [['- ping: a -> 10.0.0.1', '  expect: unreachable']],
    [['- tcp: a -> 10.0.0.1:80']],
    [['- http: a -> http://10.0.0.1/']],
    [['- link: a/b', '  state: down']],
    [['- addr: a/b', '  has: 10.0.0.1/24', '  lacks: 10.0.0.2/24']],
    [['- iptables: filter INPUT -j DROP', '  packets: 0']],
    [['- conntrack: tcp 10.0.0.1 -> 10.0.0.2', '  count: 1']],
    [['- capture: a/b']],
    [['- capture: a/b', '  sees: icmp', '  never: arp']],
    [['- capture: a/b', '  never: arp', '  count: ">= 1"']],
    [['- trace: icmp', '  never: nat:PREROUTING']],
    [['- run: "true"']],
  ])('%j', (lines) => expect(isNegative(...lines)).toBe(false))
})
