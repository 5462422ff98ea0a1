import { describe, expect, test } from 'vitest'
import { ping, readPing } from '../../../src/checks/ping.ts'
import { ProbeError, type ProbeResult } from '../../../src/world/probes.ts'
import { recorded } from '../../support/recorded-probe.ts'

const pings = recorded<Record<string, ProbeResult>>('pings')

describe('what ping printed', () => {
  test.each([
    ['reply', { sent: 1, received: 1, ttls: [64], unreachable: [] }],
    ['replies', { sent: 3, received: 3, ttls: [64, 64, 64], unreachable: [] }],
    ['half lost', { sent: 4, received: 2, ttls: [64, 64], unreachable: [] }],
    ['silence', { sent: 1, received: 0, ttls: [], unreachable: [] }],
    ['duplicates', { sent: 2, received: 2, ttls: [64, 64, 64], unreachable: [] }],
    ['host unreachable', { sent: 1, received: 0, unreachable: ['Destination Host Unreachable (from 10.0.0.1)'] }],
    ['net unreachable', { sent: 1, received: 0, unreachable: ['Destination Net Unreachable (from 10.0.1.254)'] }],
    ['port unreachable', { sent: 1, received: 0, unreachable: ['Destination Port Unreachable (from 10.0.0.2)'] }],
    ['packet filtered', { sent: 1, received: 0, unreachable: ['Packet filtered (from 10.0.1.254)'] }],
    ['network unreachable', { sent: 0, unreachable: [expect.stringMatching(/^Network is unreachable/)] }],
    ['no route to host', { sent: 0, unreachable: [expect.stringMatching(/^No route to host/)] }],
  ])('%s', (name, seen) => {
    expect(readPing(pings[name]!)).toMatchObject(seen)
  })

  test.each([
    ['no socket', 'not-permitted', /Operation not permitted/],
    ['no such name', 'trouble', /no-such-name: Temporary failure in name resolution/],
  ])('%s: it could not try', (name, code, message) => {
    const reading = () => readPing(pings[name]!)
    expect(reading).toThrow(ProbeError)
    expect(reading).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }))
  })

  test('nothing at all', () => {
    expect(() => readPing({ status: 3, stdout: '', stderr: '' })).toThrow('ping could not try: status 3')
  })
})

describe('what follows from it', () => {
  test.each([
    [{}, 'reply', true, '1 of 1 answered, ttl 64'],
    [{}, 'replies', true, '3 of 3 answered, ttl 64'],
    [{}, 'half lost', false, '2 of 4 answered, ttl 64'],
    [{}, 'silence', false, '1 sent, no reply'],
    [{}, 'host unreachable', false, 'no reply: Destination Host Unreachable (from 10.0.0.1)'],
    [
      {},
      'network unreachable',
      false,
      'no reply: Network is unreachable (said by the kernel before anything was sent)',
    ],
    [{ ttl: 64 }, 'replies', true, '3 of 3 answered, ttl 64'],
    [{ ttl: 63 }, 'replies', false, '3 of 3 answered, ttl 64'],
    [{ loss: '<= 50%' }, 'half lost', true, '2 of 4 answered, ttl 64'],
    [{ loss: '< 50%' }, 'half lost', false, '2 of 4 answered, ttl 64'],
    [{ loss: '50%' }, 'half lost', true, '2 of 4 answered, ttl 64'],
    [{ loss: '50%' }, 'replies', false, '3 of 3 answered, ttl 64'],
    [{ loss: '<= 100%' }, 'silence', false, '1 sent, no reply'],
    [{ expect: 'no-reply' }, 'silence', true, '1 sent, no reply'],
    [{ expect: 'no-reply' }, 'reply', false, '1 of 1 answered, ttl 64'],
    [{ expect: 'no-reply' }, 'half lost', false, '2 of 4 answered, ttl 64'],
    [{ expect: 'no-reply' }, 'host unreachable', false, /Destination Host Unreachable/],
    [{ expect: 'no-reply' }, 'net unreachable', false, /Destination Net Unreachable/],
    [{ expect: 'no-reply' }, 'port unreachable', false, /Destination Port Unreachable/],
    [{ expect: 'no-reply' }, 'packet filtered', false, /Packet filtered/],
    [{ expect: 'no-reply' }, 'network unreachable', false, /said by the kernel before anything was sent/],
    [{ expect: 'no-reply' }, 'no route to host', false, /said by the kernel before anything was sent/],
    [{ expect: 'unreachable' }, 'host unreachable', true, /Destination Host Unreachable/],
    [{ expect: 'unreachable' }, 'net unreachable', true, /Destination Net Unreachable/],
    [{ expect: 'unreachable' }, 'port unreachable', true, /Destination Port Unreachable/],
    [{ expect: 'unreachable' }, 'packet filtered', true, /Packet filtered/],
    [{ expect: 'unreachable' }, 'network unreachable', true, /Network is unreachable/],
    [{ expect: 'unreachable' }, 'no route to host', true, /No route to host/],
    [{ expect: 'unreachable' }, 'silence', false, '1 sent, no reply'],
    [{ expect: 'unreachable' }, 'reply', false, '1 of 1 answered, ttl 64'],
  ])('%o on %s: %s', (spec, name, holds, actual) => {
    const full = ping.schema.parse({ ping: 'net1 -> 10.0.0.2', ...spec })
    const judgement = ping.judge(full as Parameters<typeof ping.judge>[0], readPing(pings[name]!), new Map())
    expect(judgement).toMatchObject({
      holds,
      actual: typeof actual === 'string' ? actual : expect.stringMatching(actual),
    })
  })
})
