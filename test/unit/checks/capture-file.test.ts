import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { PcapStream, readPcap } from '../../../src/checks/capture-file.ts'
import { readPacket } from '../../../src/checks/capture-packet.ts'
import { pcap } from '../../support/recorded-captures.ts'

const PING = pcap('ping')

function packetsOf(file: Buffer) {
  const { header, records } = readPcap(file)
  return records.map((record) => readPacket(record, header))
}

describe('a capture file', () => {
  it('is the same in whatever pieces it comes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 })), (sizes) => {
        const stream = new PcapStream()
        let at = 0
        for (const size of [...sizes, PING.length]) {
          stream.push(PING.subarray(at, at + size))
          at += size
        }
        expect(stream.count).toBe(2)
        expect(stream.from(0)).toEqual(PING)
      }),
    )
  })

  it('can be cut before any packet', () => {
    const stream = new PcapStream()
    stream.push(PING)
    const reply = stream.from(1)!
    expect(packetsOf(reply)).toEqual(packetsOf(PING).slice(1))
    expect(readPcap(stream.from(2)!).records).toEqual([])
  })

  it('keeps the newest packets, and says when others are gone', () => {
    const [first, second] = readPcap(PING).records
    const size = 16 + first!.bytes.length
    const stream = new PcapStream(10 * size)
    stream.push(PING.subarray(0, 24))
    for (let count = 0; count < 100; count++) stream.push(PING.subarray(24, 24 + size))
    stream.push(PING.subarray(24 + size))
    expect(stream.count).toBe(101)
    expect(stream.from(0)).toBeUndefined()
    expect(stream.from(98)).toBeDefined()
    expect(readPcap(stream.from(100)!).records).toEqual([second])
  })

  it('may have been written on another machine, with microseconds', () => {
    const header = Buffer.alloc(24)
    header.writeUInt32BE(0xa1b2c3d4, 0)
    header.writeUInt32BE(1, 20)
    const record = Buffer.alloc(18)
    for (const [at, value] of [1, 2, 2, 2].entries()) record.writeUInt32BE(value, at * 4)
    expect(readPcap(Buffer.concat([header, record]))).toEqual({
      header: { littleEndian: false, unit: 1000, linkType: 1 },
      records: [{ seconds: 1, nanoseconds: 2000, bytes: Buffer.alloc(2) }],
    })
  })

  it('is told from anything else', () => {
    expect(() => new PcapStream().push(Buffer.from('tcpdump: something went wrong\n'))).toThrow('no capture file')
    expect(() => readPcap(Buffer.alloc(0))).toThrow('no capture file')
    const broken = Buffer.concat([PING.subarray(0, 24), Buffer.alloc(16, 0xff)])
    expect(() => new PcapStream().push(broken)).toThrow('no capture file')
  })
})

describe('a packet', () => {
  test.each([
    ['ping', 0, { protocol: 'icmp', source: '172.17.0.2', destination: '203.0.113.10', ttl: 64 }],
    ['ping', 1, { protocol: 'icmp', source: '203.0.113.10', summary: 'ICMP echo reply, seq 1' }],
    ['icmp6', 0, { protocol: 'icmp6', source: 'fd00::1', destination: 'fd00::2', summary: 'ICMP echo request, seq 1' }],
    ['udp', 0, { protocol: 'udp', destinationPort: 9999, summary: 'UDP, length 6' }],
    ['udp', 1, { protocol: 'icmp', source: '203.0.113.10', summary: 'ICMP unreachable' }],
    ['refused', 0, { protocol: 'tcp', destinationPort: 8000, summary: expect.stringMatching(/^TCP \[S\], seq \d+$/) }],
    ['refused', 1, { protocol: 'tcp', sourcePort: 8000, summary: 'TCP [R.], seq 0' }],
    ['any', 2, { protocol: 'icmp', source: '192.168.0.10', ttl: 63 }],
    ['fragments', 1, { protocol: 'other', summary: 'fragment at 1480' }],
  ])('of %s, number %i', (name, index, packet) => {
    expect(packetsOf(pcap(name))[index]).toMatchObject(packet)
  })

  it('stays the same packet while addresses are rewritten', () => {
    const [atPort, atBridge, atUplink, reply] = packetsOf(pcap('any'))
    expect(atUplink!.source).not.toBe(atPort!.source)
    expect(new Set([atPort, atBridge, atUplink].map((packet) => packet!.identity)).size).toBe(1)
    expect(reply!.identity).not.toBe(atPort!.identity)
    expect(reply!.answers).toBe(atPort!.asks)
  })

  it('answers another one by its numbers', () => {
    const [syn, synAck, , request] = packetsOf(pcap('two fetches on the uplink'))
    expect(synAck!.answers).toBe(syn!.asks)
    expect(request!.answers).toBe(synAck!.asks)
    expect(request!.answers).not.toBe(syn!.asks)
  })

  it('may have VLAN tags', () => {
    const { header, records } = readPcap(PING)
    const tagged = Buffer.concat([
      records[0]!.bytes.subarray(0, 12),
      Buffer.from('8100000a', 'hex'),
      records[0]!.bytes.subarray(12),
    ])
    expect(readPacket({ ...records[0]!, bytes: tagged }, header)).toEqual(packetsOf(PING)[0])
  })

  it('may be cut off anywhere, or be no packet at all', () => {
    const names = ['ping', 'any', 'icmp6', 'udp', 'refused', 'fragments']
    for (const name of names) {
      const { header, records } = readPcap(pcap(name))
      for (const record of records) {
        for (let length = 0; length <= record.bytes.length; length++)
          readPacket({ ...record, bytes: record.bytes.subarray(0, length) }, header)
      }
    }
    const anything = fc.record({
      bytes: fc.uint8Array({ maxLength: 120 }),
      type: fc.constantFrom('0800', '86dd', '0806', '8100'),
      linkType: fc.constantFrom(1, 101, 113, 276, 239),
    })
    fc.assert(
      fc.property(anything, ({ bytes, type, linkType }) => {
        const frame = Buffer.concat([Buffer.alloc(12), Buffer.from(type, 'hex'), bytes])
        readPacket({ seconds: 0, nanoseconds: 0, bytes: frame }, { littleEndian: true, unit: 1, linkType })
      }),
    )
  })
})
