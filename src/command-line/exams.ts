import type { Command } from 'commander'
import { Option } from 'commander'
import type { TicketsOptions } from '../commands/roster-tickets.ts'

/** Whose values labs with params get. Options of the whole program, so that they may stand before the subcommand and after it. */
export function addValues(program: Command): Command {
  return program
    .addOption(new Option('--ticket <file>', 'a ticket with the values of an exam').env('LABRUN_TICKET'))
    .addOption(new Option('--student <name>', 'practice values of that name, for labs with params').conflicts('ticket'))
}

/** The commands that make an exam for a class; each is loaded only when it is asked for. */
export function addExams(program: Command, done: (status: number) => void): void {
  program
    .command('edition')
    .description('make the student’s edition of a lab: no solutions, no hidden checks, no answers')
    .argument('<lab>', 'a file, or the name or number of a lab that comes with labrun')
    .option('--output <file>', 'write it there; without it, standard output')
    .action(async (lab: string, options: { output?: string }) => {
      const { edition } = await import('../commands/edition.ts')
      done(edition(lab, options))
    })
    .addHelpText('after', EDITION_EXAMPLES)
  const roster = program.command('roster').description('the class: its key and its tickets').helpCommand(false)
  roster
    .command('key')
    .description('make the key that signs tickets and draws values; it is yours alone')
    .argument('<file>', 'the new key, as course.key')
    .action(async (file: string) => {
      const { rosterKey } = await import('../commands/roster-key.ts')
      done(rosterKey(file))
    })
  roster
    .command('tickets')
    .description('write a ticket for each student of a roster')
    .argument('<roster>', 'a CSV file with a column id; name and email are known too')
    .requiredOption('--lab <lab>', 'the exam')
    .requiredOption('--key <file>', 'the key of the course')
    .requiredOption('--out <folder>', 'where the tickets are written')
    .option('--expires <date>', 'until when they are valid, as 2027-01-31 or 2027-01-31T18:00 (default: 180 days)')
    .action(async (file: string, options: TicketsOptions) => {
      const { rosterTickets } = await import('../commands/roster-tickets.ts')
      done(rosterTickets(file, options))
    })
  roster.addHelpText('after', ROSTER_EXAMPLES)
  program
    .command('ticket')
    .description('what is in a ticket')
    .helpCommand(false)
    .addHelpText('after', TICKET_EXAMPLES)
    .command('show')
    .description('show what is in a ticket, and whether it is valid')
    .argument('<file>', 'the ticket')
    .option('--lab <lab>', 'whether it is for this lab, or its edition')
    .option('--key <file>', 'whether it was signed with this key')
    .option('--json', 'one JSON document')
    .action(async (file: string, options: { lab?: string; key?: string; json?: boolean }) => {
      const { ticketShow } = await import('../commands/ticket-show.ts')
      done(ticketShow(file, options))
    })
}

const EDITION_EXAMPLES = `
Examples:
  labrun edition bridge-exam.md --output students/bridge-exam.md
  labrun --ticket sk3vq.ticket students/bridge-exam.md   what a student does

Exit status: 0 written, 2 the lab has mistakes or could not be read.`

const ROSTER_EXAMPLES = `
Examples:
  labrun roster key course.key
  labrun roster tickets roster.csv --lab bridge-exam.md --key course.key \\
    --out tickets --expires 2027-01-31`

const TICKET_EXAMPLES = `
Examples:
  labrun ticket show sk3vq.ticket
  labrun ticket show sk3vq.ticket --lab bridge-exam.md --key course.key

Exit status: 0 valid, 1 refused, 2 could not be read.`
