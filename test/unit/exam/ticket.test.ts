import { describe, expect, it } from 'vitest'
import { createKey, KeyError, readKey } from '../../../src/exam/key.ts'
import { checkTicket, issueTicket, readTicket, type TicketError } from '../../../src/exam/ticket.ts'

const key = readKey(createKey())
const digest = 'a'.repeat(64)
const issued = '2026-11-01T08:00:00.000Z'
const expires = '2027-01-31T22:59:59.999Z'
const ticket = issueTicket(
  { lab: 'bridge', digest, pseudonym: 'sabcdefghijkl', values: { port: '8123' }, issued, expires },
  key,
)
const purpose = { lab: 'bridge', digest, pseudonym: 'sabcdefghijkl', publicKey: key.publicKey, now: new Date(issued) }

function troubleOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    return (error as TicketError).code
  }
  return 'none'
}

describe('a ticket', () => {
  it('is read as it was issued, and is valid for its purpose', () => {
    expect(readTicket(ticket.text)).toEqual(ticket)
    expect(troubleOf(() => checkTicket(ticket, purpose))).toBe('none')
  })

  it('is one line of text, whatever mail does around it', () => {
    expect(ticket.text).toMatch(/^labrun-ticket-1\.[\w-]+\.[\w-]+$/)
    expect(readTicket(`\uFEFF\r\n  ${ticket.text}\r\n`)).toEqual(ticket)
  })

  it('of which any one character was changed is refused', () => {
    for (let at = 0; at < ticket.text.length; at++) {
      const other = ticket.text[at] === 'A' ? 'B' : 'A'
      const changed = ticket.text.slice(0, at) + other + ticket.text.slice(at + 1)
      expect(['malformed', 'signature']).toContain(troubleOf(() => readTicket(changed)))
    }
  })

  it.each(['port', 'pseudonym', 'expires', 'lab'])('whose %s was changed is refused', (part) => {
    const [prefix, payload = '', signature] = ticket.text.split('.')
    const text = Buffer.from(payload, 'base64url').toString()
    const changed = {
      port: ['8123', '8124'],
      pseudonym: ['sabc', 'szbc'],
      expires: ['2027', '2028'],
      lab: ['bridge', 'fridge'],
    }
    const [from = '', to = ''] = changed[part as keyof typeof changed]
    const forged = Buffer.from(text.replace(from, to)).toString('base64url')
    expect(forged).not.toBe(payload)
    expect(troubleOf(() => readTicket([prefix, forged, signature].join('.')))).toBe('signature')
  })

  it.each([
    ['nothing', ''],
    ['another text', 'hello'],
    ['a part of it', ticket.text.slice(0, -20)],
    ['a signature of another length', `${ticket.text}AA`],
    ['a byte in another spelling', `${ticket.text}=`],
    ['two of them', `${ticket.text}\n${ticket.text}`],
    ['a very long text', `labrun-ticket-1.${'A'.repeat(1 << 20)}.AA`],
    ['a payload that is no JSON', `labrun-ticket-1.${Buffer.from('{').toString('base64url')}.AA`],
  ])('that is %s is refused', (_, text) => {
    expect(['malformed', 'signature']).toContain(troubleOf(() => readTicket(text)))
  })

  it.each([
    ['another lab', 'wrong-lab', { lab: 'repair' }, 'it is for the lab bridge, and this is repair'],
    ['another version of the lab', 'wrong-digest', { digest: 'b'.repeat(64) }, 'another version of the lab bridge'],
    ['another student', 'wrong-student', { pseudonym: 'szzzzzzzzzzzz' }, 'another student, sabcdefghijkl'],
    ['another course', 'wrong-key', { publicKey: readKey(createKey()).publicKey }, 'with another key'],
    ['an earlier time', 'expired', { now: new Date('2027-02-01T00:00:00Z') }, 'valid until 2027-01-31T22:59:59.999Z'],
  ])('for %s is refused, with the reason', (_, code, other, reason) => {
    const check = () => checkTicket(ticket, { ...purpose, ...other })
    expect(troubleOf(check)).toBe(code)
    expect(check).toThrow(reason)
  })

  it('is valid until the last moment', () => {
    expect(troubleOf(() => checkTicket(ticket, { ...purpose, now: new Date(expires) }))).toBe('none')
  })

  it('that somebody has signed with a key of their own says so', () => {
    const own = readKey(createKey())
    const forged = issueTicket({ ...ticket, values: { port: '80' } }, own)
    expect(readTicket(forged.text).values).toEqual({ port: '80' })
    expect(troubleOf(() => checkTicket(forged, purpose))).toBe('wrong-key')
    const [prefix, payload = '', signature] = forged.text.split('.')
    const pretending = Buffer.from(payload, 'base64url').toString().replace(own.publicKey, key.publicKey)
    const text = [prefix, Buffer.from(pretending).toString('base64url'), signature].join('.')
    expect(troubleOf(() => readTicket(text))).toBe('signature')
  })
})

describe('a key', () => {
  it('is another one each time', () => {
    const [one, other] = [createKey(), createKey()].map(readKey)
    expect(one!.publicKey).not.toBe(other!.publicKey)
    expect(Buffer.from(one!.secret).equals(Buffer.from(other!.secret))).toBe(false)
  })

  const text = createKey()
  const parts = JSON.parse(text) as Record<string, unknown>
  it.each([
    ['no JSON', 'hello', 'this is no key of labrun'],
    ['another document', '{"labrun": "ticket"}', 'this is no key of labrun'],
    ['a short secret', JSON.stringify({ ...parts, secret: 'AAAA' }), 'does not have 32 bytes'],
    ['half of two keys', JSON.stringify({ ...parts, publicKey: JSON.parse(createKey()).publicKey }), 'do not fit'],
    ['a broken half', JSON.stringify({ ...parts, privateKey: 'AAAA' }), 'this key is damaged'],
  ])('that is %s is refused', (_, broken, reason) => {
    expect(() => readKey(broken)).toThrow(KeyError)
    expect(() => readKey(broken)).toThrow(reason)
  })
})
