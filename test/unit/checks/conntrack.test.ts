import { describe, expect, test } from 'vitest'
import { checks } from '../../../src/checks/index.ts'
import { ProbeError, type ProbeResult } from '../../../src/world/probes.ts'
import { programsProbe, seenRules } from '../../support/rules-probe.ts'

const kind = checks.get('conntrack')!
const SHOWN = 'conntrack v1.4.7 (conntrack-tools): 1 flow entries have been shown.\n'

/** Of the recorded network: from `out`, by DNAT on the host, to `in`. */
const CLIENT = '198.51.100.2'
const connection = seenRules.nft.connections!
const clientPort = /<sport>(\d+)<\/sport><dport>8080</.exec(connection.stdout)![1]!

describe('a connection through DNAT', () => {
  test.each<[Record<string, unknown>, boolean, string | RegExp]>([
    [
      { conntrack: `tcp ${CLIENT} -> 198.51.100.1:8080` },
      true,
      /^1 such:\ntcp 198\.51\.100\.2:\d+ -> 198\.51\.100\.1:8080, reply/,
    ],
    [{ conntrack: `tcp ${CLIENT} -> 198.51.100.1` }, true, /^1 such/],
    [{ conntrack: `tcp ${CLIENT}:${clientPort} -> 198.51.100.1:8080` }, true, /^1 such/],
    [
      { conntrack: `tcp ${CLIENT}->198.51.100.1:8080`, reply: `10.0.0.2:80 -> ${CLIENT}` },
      true,
      /reply 10\.0\.0\.2:80 -> /,
    ],
    [{ conntrack: `tcp <ip> -> <*>`, reply: '<ip>:80 -> <*>' }, true, /^1 such/],
    [{ conntrack: `tcp ${CLIENT} -> 198.51.100.1:8080`, state: 'time_wait' }, true, /TIME_WAIT, ASSURED$/],
    [{ conntrack: `tcp ${CLIENT} -> 198.51.100.1:8080`, state: ['established', 'ASSURED'] }, true, /ASSURED$/],
    [{ conntrack: `tcp ${CLIENT} -> 198.51.100.1:8080`, count: 1 }, true, /^1 such/],
    [{ conntrack: `tcp ${CLIENT} -> 198.51.100.1:8080`, count: '>= 1' }, true, /^1 such/],
    [{ conntrack: `tcp ${CLIENT} -> 198.51.100.1:8080`, count: 2 }, false, /^1 such/],
    [{ conntrack: `tcp ${CLIENT} -> 198.51.100.1:8080`, count: 0 }, false, /^1 such/],
    [{ conntrack: `tcp ${CLIENT} -> 198.51.100.1:8080`, absent: true }, false, /^1 such/],
    [
      { conntrack: `tcp ${CLIENT} -> 198.51.100.1:8080`, state: 'established' },
      false,
      /^no such entry; of tcp there are 1:\ntcp/,
    ],
    [{ conntrack: `tcp ${CLIENT} -> 198.51.100.1:80` }, false, /^no such entry/],
    [{ conntrack: `tcp ${CLIENT} -> 198.51.100.1:808` }, false, /^no such entry/],
    [{ conntrack: 'tcp 198.51.100.1 -> 198.51.100.2' }, false, /^no such entry/],
    [{ conntrack: `tcp ${CLIENT} -> 198.51.100.1:8080`, reply: `10.0.0.2:8080 -> ${CLIENT}` }, false, /^no such entry/],
    [
      { conntrack: `tcp ${CLIENT} -> 198.51.100.1:8080`, reply: `198.51.100.1:8080 -> ${CLIENT}` },
      false,
      /^no such entry/,
    ],
    [{ conntrack: 'tcp 198.51.100.3 -> 198.51.100.1:8080', absent: true }, true, /^no such entry; of tcp there are 1:/],
  ])('%o: %s', async (spec, holds, actual) => {
    expect(await look(spec, connection)).toMatchObject({ holds, actual: expect.stringMatching(actual) })
  })

  test('a port is remembered, and is the same in the answer', async () => {
    const spec = {
      conntrack: `tcp ${CLIENT}:<port:int> -> 198.51.100.1:8080`,
      reply: `10.0.0.2:80 -> ${CLIENT}:{{port}}`,
    }
    const { holds, remembered } = await look(spec, connection)
    expect([holds, remembered?.get('port')]).toEqual([true, clientPort])
    expect(await look(spec, connection, new Map([['port', '1']]))).toMatchObject({ holds: false })
    const other = { ...spec, reply: `10.0.0.2:{{port}} -> ${CLIENT}` }
    expect(await look(other, connection)).toMatchObject({ holds: false })
  })
})

describe('other protocols', () => {
  const icmp = flow('icmp', ['10.0.0.2', '198.51.100.2'], ['198.51.100.2', '198.51.100.1'], '<unreplied/>')
  const ipv6 = flow('udp', ['fd00::1', 'fd00::2', 5, 53], ['fd00::2', 'fd00::1', 53, 5], '')

  test.each<[ProbeResult, Record<string, unknown>, boolean]>([
    [icmp, { conntrack: 'icmp 10.0.0.2 -> 198.51.100.2', reply: '198.51.100.2 -> 198.51.100.1' }, true],
    [icmp, { conntrack: 'icmp 10.0.0.2 -> 198.51.100.2', state: 'unreplied' }, true],
    [icmp, { conntrack: 'icmp 10.0.0.2 -> 198.51.100.2', state: 'assured' }, false],
    [icmp, { conntrack: 'tcp 10.0.0.2 -> 198.51.100.2' }, false],
    [ipv6, { conntrack: 'udp fd00::1 -> fd00::2' }, true],
    [ipv6, { conntrack: 'udp [fd00::1]:<int> -> [fd00::2]:53' }, true],
    [ipv6, { conntrack: 'udp fd00::1 -> [fd00::2]:54' }, false],
  ])('%#: %o', async (said, spec, holds) => {
    expect(await look(spec, said)).toMatchObject({ holds })
  })
})

test('an empty table is known to be empty', async () => {
  const said = seenRules.conntrack.empty!
  expect(await look({ conntrack: 'udp 10.0.0.1 -> 10.0.0.2:53', absent: true }, said)).toMatchObject({
    holds: true,
    actual: 'no such entry; of udp there are 0',
  })
})

test.each<[string, Partial<ProbeResult>, string]>([
  ['it prints nothing at all', {}, 'trouble'],
  ['it may not', { status: 1, stderr: 'conntrack v1.4.7: Operation failed: Operation not permitted' }, 'not-permitted'],
  ['it fails', { status: 1, stderr: 'conntrack v1.4.7: Operation failed: such is life' }, 'trouble'],
])('if %s, nothing is known', async (_what, result, code) => {
  const looking = look(
    { conntrack: 'udp 10.0.0.1 -> 10.0.0.2:53', absent: true },
    { status: 0, stdout: '', stderr: '', ...result },
  )
  await expect(looking).rejects.toBeInstanceOf(ProbeError)
  await expect(looking).rejects.toMatchObject({ code })
})

test.each<[Record<string, unknown>, RegExp]>([
  [{ conntrack: '10.0.0.1 -> 10.0.0.2' }, /expected PROTOCOL FROM -> TO/],
  [{ conntrack: 'tcp 10.0.0.1' }, /expected PROTOCOL FROM -> TO/],
  [{ conntrack: 'icmp 10.0.0.1:5 -> 10.0.0.2' }, /no ports/],
  [{ conntrack: 'tcp 10.0.0.1:<port:number> -> 10.0.0.2' }, /placeholder/],
  [{ conntrack: 'tcp 10.0.0.1 -> 10.0.0.2', reply: '10.0.0.2' }, /expected FROM -> TO/],
  [{ conntrack: 'tcp 10.0.0.1 -> 10.0.0.2', count: 'some' }, /expected a number/],
])('%o is a mistake', (spec, message) => {
  expect(kind.schema.safeParse(spec).error?.issues[0]?.message).toMatch(message)
})

async function look(
  spec: Record<string, unknown>,
  said: ProbeResult,
  remembered: ReadonlyMap<string, string> = new Map(),
) {
  const probe = programsProbe(() => said)
  return await kind.look(kind.schema.parse(spec), probe, remembered, undefined)
}

type End = readonly [from: string, to: string, fromPort?: number, toPort?: number]

/** An entry as conntrack prints it. */
function flow(protocol: string, original: End, reply: End, rest: string): ProbeResult {
  const direction = (name: string, [from, to, fromPort, toPort]: End) => {
    const ports = fromPort === undefined ? '' : `<sport>${fromPort}</sport><dport>${toPort}</dport>`
    return `<meta direction="${name}"><layer3 protonum="2" protoname="ipv4"><src>${from}</src><dst>${to}</dst></layer3><layer4 protonum="1" protoname="${protocol}">${ports}</layer4></meta>`
  }
  const meta = `<meta direction="independent"><timeout>29</timeout><mark>0</mark><use>1</use><id>89</id>${rest}</meta>`
  const xml = `<flow>${direction('original', original)}${direction('reply', reply)}${meta}</flow>`
  return { status: 0, stdout: `<?xml version="1.0"?>\n<conntrack>\n${xml}\n</conntrack>\n`, stderr: SHOWN }
}
