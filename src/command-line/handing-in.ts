import type { Command } from 'commander'
import type { PlaceOptions } from '../commands/place.ts'
import type { StripOptions } from '../commands/submission.ts'
import type { ValueOptions } from '../commands/values.ts'
import type { Surroundings } from '../surroundings.ts'

type Done = (status: number) => void

/** The commands with which students hand in; each is loaded only when it is asked for. */
export function addHandingIn(program: Command, surroundings: Surroundings, done: Done): void {
  program
    .command('submit')
    .description('write what you have done in a lab as one file to hand in; it is replayed and shown first')
    .argument('<lab>', 'the lab: a file, or the name or number of one that comes with labrun')
    .option('--output <file>', 'the new file (default: named after the lab, in this folder)')
    .option('--yes', 'write it without asking', false)
    .action(async (lab: string, options: { output?: string; yes: boolean }) => {
      const { submit } = await import('../commands/submit.ts')
      const { output, yes } = options
      done(await submit(lab, { output, yes, ...program.opts<PlaceOptions & ValueOptions>() }, surroundings))
    })
    .addHelpText('after', SUBMIT_EXAMPLES)
  const submission = program
    .command('submission')
    .description('what is in a file that is handed in: `show`, `strip`')
    .helpCommand(false)
    .addHelpText('after', SUBMISSION_EXAMPLES)
  submission
    .command('show')
    .description('show all that is in it')
    .argument('<file>', 'the zip that `labrun submit` has written')
    .option('--json', 'one JSON document')
    .action(async (file: string, options: { json?: boolean }) => {
      const { showSubmission } = await import('../commands/submission.ts')
      done(await showSubmission(file, options))
    })
  submission
    .command('strip')
    .description('write it once more, without what need not be handed in')
    .argument('<file>', 'the zip; it stays as it is')
    .option('--journal', 'without the journal: when you did what, and what you took back')
    .option('--advice', 'without what the checks said on your machine')
    .option('--output <file>', 'the new file (default: NAME-stripped.zip beside it)')
    .action(async (file: string, options: StripOptions) => {
      const { stripSubmission } = await import('../commands/submission.ts')
      done(await stripSubmission(file, options))
    })
}

const SUBMIT_EXAMPLES = `
Examples:
  labrun submit 03-bridge
  labrun submit bridge-exam.md --ticket sk3vq.ticket
  labrun submit bridge-exam.md --ticket sk3vq.ticket --output homework.zip --yes

Exit status: 0 written, 2 nothing was written, 130 interrupted.`

const SUBMISSION_EXAMPLES = `
Examples:
  labrun submission show bridge-exam.zip
  labrun submission show bridge-exam.zip --json
  labrun submission strip bridge-exam.zip --journal --advice --output little.zip

Exit status: 0 shown or written, 2 it is no submission, or could not be written.`
