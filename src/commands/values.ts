import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { checks } from '../checks/index.ts'
import { labDigest } from '../exam/digest.ts'
import { DrawError, practiceValues } from '../exam/draw.ts'
import { extremeValues } from '../exam/extremes.ts'
import { checkTicket, readTicket, type Ticket, TicketError } from '../exam/ticket.ts'
import { whyNotValues } from '../lab/fill.ts'
import type { Params, Values } from '../lab/params.ts'
import type { ChooseValues } from '../lab/parse.ts'
import { LabError, ProblemList } from '../lab/problem.ts'

/** Whose values a lab is filled with. */
export interface ValueOptions {
  /** A file with a ticket. */
  readonly ticket?: string
  /** A name to draw practice values for, or `extreme:N`. */
  readonly student?: string
}

/** A file of a lab, as it was read. */
export interface LabText {
  readonly text: string
  readonly file: string
}

/**
 * Chooses the values of labs, by a ticket, or those for practice. What is returned throws TicketError where the ticket
 * is not for a lab, and LabError where there are no values.
 */
export function valuesFrom({ ticket, student }: ValueOptions = {}): (lab: LabText) => ChooseValues {
  const read = ticket === undefined ? undefined : readTicketFile(ticket)
  return (lab) => (params, id) => {
    // A lab that is the same for everybody needs no ticket, and one for another lab is of no concern to it.
    if (read && (params.size > 0 || read.lab === id)) return valuesOfTicket(read, params, id, lab)
    return drawn(params, id, student, lab)
  }
}

/** Throws TicketError. */
export function readTicketFile(file: string): Ticket {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new TicketError('malformed', `cannot read ${resolve(file)}: ${(error as Error).message}`)
  }
  return readTicket(text)
}

function valuesOfTicket(ticket: Ticket, params: Params, id: string, { text, file }: LabText): Values {
  checkTicket(ticket, { lab: id, digest: labDigest(text, file, checks), now: new Date() })
  const reason = whyNotValues(params, ticket.values)
  if (reason) throw new TicketError('malformed', reason)
  return ticket.values
}

function drawn(params: Params, id: string, student: string | undefined, { text, file }: LabText): Values {
  try {
    const [, number] = /^extreme:([1-9]\d{0,3})$/.exec(student ?? '') ?? []
    return number ? extremeValues(params, Number(number) - 1) : practiceValues(params, id, student)
  } catch (error) {
    if (!(error instanceof DrawError)) throw error
    const source = text.split(/\r\n?|\n/)
    const problems = new ProblemList(file, source)
    const line = source.findIndex((one) => new RegExp(`^\\s+${error.param}\\s*:`).test(one)) + 1
    problems.add({ line }, 'bad-param', { name: error.param, reason: error.message })
    throw new LabError(problems.problems, source)
  }
}
