import { expect, it, test } from 'vitest'
import { type MirrorSeen, mirror } from '../../../src/checks/mirror.ts'
import { seen } from '../../support/recorded-captures.ts'

const spec = mirror.schema.parse({ mirror: 'c1/eth0 = host/veth1' }) as Parameters<typeof mirror.judge>[0]
const judge = (traffic: MirrorSeen) => mirror.judge(spec, traffic, new Map())

it('holds where the one receives what the other sends', () => {
  expect(judge(seen('mirror', 'ping'))).toEqual({
    holds: true,
    expected: 'traffic, and c1/eth0 receives what veth1 sends, and the other way round',
    actual:
      'c1/eth0: received 1 packet (98 bytes), sent 1 packet (98 bytes); veth1: received 1 packet (98 bytes), sent 1 packet (98 bytes)',
  })
})

it('proves nothing without traffic', () => {
  expect(judge(seen('mirror', 'nothing'))).toMatchObject({
    holds: false,
    actual: 'nothing went through c1/eth0, so nothing is proven',
  })
})

it('does not hold for devices that have nothing to do with each other', () => {
  expect(judge(seen('mirror', 'other devices')).holds).toBe(false)
})

test.each(['received', 'sent'] as const)('wants the same bytes in as many packets: %s', (way) => {
  const [one, other] = seen('mirror', 'ping')
  const different = { ...other, [way]: { packets: 1, bytes: 97 } }
  expect(judge([one, different]).holds).toBe(false)
})

it('is about two devices', () => {
  expect(mirror.schema.safeParse({ mirror: 'veth1' }).error?.message).toContain('expected NS/IF = NS/IF')
  expect(mirror.schema.safeParse({ mirror: 'veth1 = a/b/c' }).success).toBe(false)
})
