import { createPublicKey, sign, verify } from 'node:crypto'
import { z } from 'zod'
import type { Values } from '../lab/params.ts'
import { canaryOf, type ExamKey } from './key.ts'

/** One student's values for one lab, signed by the instructor. */
export interface Ticket {
  /** The lab's id. */
  readonly lab: string
  /** Of the student's edition of the lab. */
  readonly digest: string
  readonly pseudonym: string
  readonly values: Values
  /** 8 hexadecimal digits that no other student has. */
  readonly canary: string
  /** ISO 8601, as `expires`. */
  readonly issued: string
  readonly expires: string
  /** Of the instructor: 32 bytes as base64url. */
  readonly publicKey: string
  /** The ticket as it is written, without blanks around it. */
  readonly text: string
}

/** `malformed`, `signature`: it cannot be read; the others: it is not for this. */
export type TicketTrouble =
  | 'malformed'
  | 'signature'
  | 'wrong-lab'
  | 'wrong-digest'
  | 'wrong-student'
  | 'wrong-key'
  | 'expired'

export class TicketError extends Error {
  readonly code: TicketTrouble

  constructor(code: TicketTrouble, reason: string, advice?: string) {
    super(`this ticket is refused: ${reason}${advice ? `\n  ${advice}` : ''}`)
    this.name = 'TicketError'
    this.code = code
  }
}

const PREFIX = 'labrun-ticket-1.'
/** Characters; a ticket has some hundred. */
const LONGEST = 1 << 16

const payloadSchema = z.strictObject({
  lab: z.string().min(1),
  digest: z.hex().length(64),
  pseudonym: z.string().regex(/^s[a-z2-7]{12}$/),
  values: z.record(z.string(), z.string()),
  canary: z.hex().length(8),
  issued: z.iso.datetime(),
  expires: z.iso.datetime(),
  publicKey: z.base64url().length(43),
})

/** Signs a ticket; its dates are ISO 8601. */
export function issueTicket(
  ticket: Pick<Ticket, 'lab' | 'digest' | 'pseudonym' | 'values' | 'issued' | 'expires'>,
  key: ExamKey,
): Ticket {
  const { lab, digest, pseudonym, values, issued, expires } = ticket
  const canary = canaryOf(key, lab, pseudonym)
  const payload = { lab, digest, pseudonym, values, canary, issued, expires, publicKey: key.publicKey }
  const signed = PREFIX + Buffer.from(JSON.stringify(payload)).toString('base64url')
  const signature = sign(null, Buffer.from(signed), key.privateKey).toString('base64url')
  return { ...payload, text: `${signed}.${signature}` }
}

/** The text of a ticket's file. That it was signed by somebody is sure then, not by whom. Throws TicketError. */
export function readTicket(content: string): Ticket {
  const text = content.replace(/^\uFEFF/, '').trim()
  const [, part = '', signature = ''] = /^labrun-ticket-1\.([\w-]+)\.([\w-]+)$/.exec(text.slice(0, LONGEST + 1)) ?? []
  if (part === '' || text.length > LONGEST) throw malformed('it is no ticket of labrun, or only a part of one')
  const payload = payloadSchema.safeParse(parseJson(decode(part)?.toString() ?? ''))
  if (!payload.success) throw malformed('it does not say what a ticket says')
  if (!isSigned(PREFIX + part, signature, payload.data.publicKey))
    throw new TicketError('signature', 'it was changed after it was signed', FETCH)
  return { ...payload.data, text }
}

/** What a ticket must be for; what is left out is not asked. */
export interface TicketPurpose {
  readonly lab: string
  readonly digest?: string
  readonly pseudonym?: string
  /** The instructor's: 32 bytes as base64url. */
  readonly publicKey?: string
  readonly now?: Date
}

/** Whether a ticket is the one that is needed here. Throws TicketError with the first reason why not. */
export function checkTicket(ticket: Ticket, { lab, digest, pseudonym, publicKey, now }: TicketPurpose): void {
  if (publicKey !== undefined && ticket.publicKey !== publicKey)
    throw new TicketError('wrong-key', 'it was signed with another key than that of this course')
  if (ticket.lab !== lab) throw new TicketError('wrong-lab', `it is for the lab ${ticket.lab}, and this is ${lab}`)
  if (digest !== undefined && ticket.digest !== digest)
    throw new TicketError(
      'wrong-digest',
      `it is for another version of the lab ${lab}`,
      'use the file that came with it',
    )
  if (pseudonym !== undefined && ticket.pseudonym !== pseudonym)
    throw new TicketError('wrong-student', `it belongs to another student, ${ticket.pseudonym}`)
  if (now !== undefined && now.getTime() > Date.parse(ticket.expires))
    throw new TicketError('expired', `it was valid until ${ticket.expires}`, 'your instructor can give you a new one')
}

const FETCH = 'copy the file once more from where you have got it; it must not be edited'

function malformed(reason: string): TicketError {
  return new TicketError('malformed', reason, FETCH)
}

function isSigned(text: string, signature: string, publicKey: string): boolean {
  const bytes = decode(signature)
  if (!bytes) return false
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' })
    return verify(null, Buffer.from(text), key, bytes)
  } catch {
    return false
  }
}

/** Node reads over what does not belong there; then two texts would be the same ticket. */
function decode(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url')
  return bytes.toString('base64url') === part ? bytes : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
