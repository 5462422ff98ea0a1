import { checks } from '../checks/index.ts'
import { labDigest } from '../exam/digest.ts'
import { checkTicket, type Ticket, TicketError } from '../exam/ticket.ts'
import { whyNotValues } from '../lab/fill.ts'
import type { Lab } from '../lab/lab.ts'
import { printableJson, sanitize } from '../sanitize.ts'
import { findLab, loadLab, readText } from './labs.ts'
import { readKeyFile } from './roster-tickets.ts'
import { readTicketFile } from './values.ts'

/** `labrun ticket show FILE`: 0 if it is valid for what was asked, 1 if it is refused. */
export function ticketShow(file: string, options: { lab?: string; key?: string; json?: boolean }): number {
  const ticket = readTicketFile(file)
  const labFile = options.lab === undefined ? undefined : findLab(options.lab)
  const lab = labFile === undefined ? undefined : loadLab(labFile, checks)
  const refusal = whyRefused(ticket, lab, options.key)
  // Students need not know what was drawn for them in secret; of which params that is, only the lab knows.
  const values = Object.entries(ticket.values).filter(([name]) => lab && !lab.params.get(name)?.hidden)
  if (options.json) {
    const { text: _, values: __, ...rest } = ticket
    const shown = lab ? { ...rest, values: Object.fromEntries(values) } : rest
    process.stdout.write(`${printableJson({ ...shown, valid: refusal === undefined, refusal })}\n`)
    return refusal === undefined ? 0 : 1
  }
  const rows = [
    ['lab', `${ticket.lab} (digest ${ticket.digest})`],
    ['student', ticket.pseudonym],
    ['issued', ticket.issued],
    ['expires', ticket.expires],
    ['signed by', ticket.publicKey],
    ...(lab ? values : [['values', `${Object.keys(ticket.values).join(', ') || 'none'} (--lab LAB shows them)`]]),
  ]
  for (const [name = '', value = ''] of rows) process.stdout.write(sanitize(`${name.padEnd(10)} ${value}`).concat('\n'))
  process.stdout.write(refusal === undefined ? '✓ valid\n' : `✗ ${sanitize(refusal)}\n`)
  return refusal === undefined ? 0 : 1
}

function whyRefused(ticket: Ticket, lab: Lab | undefined, keyFile: string | undefined): string | undefined {
  const key = keyFile === undefined ? undefined : readKeyFile(keyFile)
  const purpose = {
    lab: lab?.id ?? ticket.lab,
    now: new Date(),
    ...(key ? { publicKey: key.publicKey } : {}),
    ...(lab ? { digest: labDigest(readText(lab.file), lab.file, checks) } : {}),
  }
  try {
    checkTicket(ticket, purpose)
  } catch (error) {
    if (error instanceof TicketError) return error.message
    throw error
  }
  return lab && whyNotValues(lab.params, ticket.values)
}
