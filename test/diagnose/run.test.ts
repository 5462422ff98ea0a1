import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type AnyCheck, defineCheck } from '../../src/checks/check.ts'
import { checks } from '../../src/checks/index.ts'
import { diagnose } from '../../src/diagnose/diagnose.ts'
import { localMachine } from '../../src/machine/local.ts'
import type { CheckResult } from '../../src/run/results.ts'
import { runCheck } from '../../src/run/run-check.ts'
import { World } from '../../src/world/world.ts'
import { isolated, outputOf } from '../conformance/case.ts'
import { fence, onlyStep } from '../support/lab-text.ts'
import { ROUTER } from './networks.ts'

let world: World

beforeAll(async () => {
  world = await World.open(localMachine, isolated)
  await outputOf(world, `${ROUTER}; ip netns exec router iptables -A FORWARD -d 10.0.2.1 -j DROP`)
})
afterAll(async () => await world.close())

/** Makes a check that is written as in a lab. */
async function check(lines: string, { once = false, kinds = checks } = {}): Promise<CheckResult> {
  const item = onlyStep(fence('sh', 'true'), fence('yaml check', ...lines.split('\n'))).items.find(
    (one) => one.kind === 'check',
  )!
  const signal = new AbortController().signal
  const run = { world, kinds, remembered: new Map(), signal, artefacts: undefined, once }
  return (await runCheck({ ...item, within: 0 }, run)).result
}

const DROPPED =
  /^icmp 10\.0\.1\.1 > 10\.0\.2\.1 on router\/west is dropped by rule 1 of filter FORWARD \(.* -j DROP\)\nlast seen on router\/west\nsee: ip netns exec router iptables /

describe('the diagnosis of a check', () => {
  it('is there for `ping`, `tcp`, `http` and `path` that failed', async () => {
    expect(await check('- ping: left -> 10.0.2.1')).toMatchObject({
      status: 'failed',
      diagnosis: expect.stringMatching(DROPPED),
    })
    const tcp = expect.stringMatching(/^tcp 10\.0\.1\.1 > 10\.0\.2\.1:80 on router\/west is dropped by rule 1/)
    expect(await check('- tcp: left -> 10.0.2.1:80')).toMatchObject({ status: 'failed', diagnosis: tcp })
    expect(await check('- http: left -> http://10.0.2.1/')).toMatchObject({ status: 'failed', diagnosis: tcp })
    const path = `- path: left -> 10.0.2.1
  hops: [left/eth0 10.0.1.1 > 10.0.2.1, right/eth0 10.0.1.1 > 10.0.2.1]
  during: ip netns exec left ping -c 1 -W 0.2 10.0.2.1`
    expect(await check(path)).toMatchObject({ status: 'failed', diagnosis: expect.stringMatching(DROPPED) })
  })

  it('is not there where an answer was not wanted, or only a look was', async () => {
    expect(await check('- ping: left -> 10.0.1.254\n  expect: no-reply')).toMatchObject({
      status: 'failed',
      diagnosis: null,
    })
    expect(await check('- tcp: left -> 10.0.1.254:80\n  expect: no-answer')).toMatchObject({ diagnosis: null })
    expect(await check('- ping: left -> 10.0.2.1', { once: true })).toMatchObject({ status: 'failed', diagnosis: null })
    expect(await check('- ping: left -> 10.0.2.1\n  expect: no-reply')).toMatchObject({
      status: 'passed',
      diagnosis: null,
    })
  })

  it('does not change the verdict where it cannot be made', async () => {
    const hopeless = (
      question: () => { from: string; to: string; protocol: 'icmp' },
    ): ReadonlyMap<string, AnyCheck> => {
      const ping = defineCheck({
        kind: 'ping',
        tools: [],
        schema: z.strictObject({ ping: z.string() }),
        within: () => 0,
        observe: async () => undefined,
        judge: () => ({ holds: false, expected: 'this', actual: 'that' }),
        question,
      })
      return new Map([['ping', ping]])
    }
    for (const question of [
      () => ({ from: 'nowhere', to: '10.0.0.1', protocol: 'icmp' as const }),
      () => {
        throw new Error('it cannot be asked')
      },
    ]) {
      const result = await check('- ping: left -> 10.0.2.1', { kinds: hopeless(question) })
      expect(result).toMatchObject({ status: 'failed', actual: 'that', diagnosis: null })
    }
  })
})

it('a diagnosis changes nothing but counters and the ARP cache', async () => {
  const look = `for place in left router right; do
    ip -n $place addr; ip -n $place route show table all; ip -n $place rule; ip netns exec $place iptables-save
    ip netns exec $place nft list tables; ip netns exec $place cat /proc/net/ip_tables_names; ip netns exec $place arptables-save
    ip netns exec $place sysctl -a --pattern '^net\\.(ipv4|bridge)'
  done 2>&1 | grep -v '^#\\|valid_lft'; ip addr; ls /run/netns /tmp /run; ps ax -o args= | sort`
  const before = await outputOf(world, look)
  expect(before).toContain('net.ipv4.ip_forward = 1')
  await diagnose(world, { from: 'left', to: '10.0.2.1', protocol: 'icmp' })
  await diagnose(world, { from: 'left', to: '10.0.2.1', protocol: 'tcp', port: 80 })
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(await outputOf(world, look)).toBe(before)
})

it('an address of IPv6 is not followed', async () => {
  expect(await diagnose(world, { from: 'left', to: 'fe80::1', protocol: 'icmp' })).toBeUndefined()
})
