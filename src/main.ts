import { setMaxListeners } from 'node:events'
import { Command, CommanderError } from 'commander'
import { addAuthoringTools } from './command-line/authoring.ts'
import { addExams, addValues } from './command-line/exams.ts'
import { addGrading } from './command-line/grading.ts'
import { addHandingIn } from './command-line/handing-in.ts'
import { addLooking } from './command-line/looking.ts'
import { addPlace, addShell, addVm } from './command-line/machines.ts'
import { addRun, addVerify } from './command-line/running.ts'
import type { LearnOptions } from './commands/learn.ts'
import { packageVersion } from './package.ts'
import { makePlain } from './plain.ts'
import type { Surroundings } from './surroundings.ts'

/** Runs a command line; resolves to the exit status: 0, 1, 2, or 130 after Ctrl-C. */
export async function main(argv: readonly string[]): Promise<number> {
  const stop = new AbortController()
  // Each lab that is run at the same time listens.
  setMaxListeners(0, stop.signal)
  const end = () => stop.abort()
  let interrupt = end
  let terminate = end
  process
    .on('SIGINT', () => interrupt())
    .on('SIGTERM', () => terminate())
    .on('SIGHUP', end)
  // The reader of our output may go away (`labrun … | head`): that is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    stop.abort()
  })
  let status = 0
  const onInterrupt = (handler: () => void) => {
    interrupt = handler
    return () => {
      interrupt = end
    }
  }
  const onTerminate = (handler: () => void) => {
    terminate = handler
    return () => {
      terminate = end
    }
  }
  const surroundings = { signal: stop.signal, onInterrupt, onTerminate }
  try {
    const program = commandLine(surroundings, (result) => {
      status = result
    })
    await program.parseAsync([...argv])
  } catch (error) {
    if (error instanceof CommanderError) status = error.exitCode === 0 ? 0 : 2
    else {
      const { describeTrouble } = await import('./commands/trouble.ts')
      process.stderr.write(`${describeTrouble(error)}\n`)
      status = 2
    }
  }
  return stop.signal.aborted ? 130 : status
}

type Done = (status: number) => void

function commandLine(surroundings: Surroundings, done: Done): Command {
  const program = new Command('labrun')
    .description('Labs that prove themselves: one Markdown file is a lesson, a test and an exam.')
    .version(packageVersion())
    .exitOverride()
    .helpCommand('help [command]', 'help for a command')
    .showHelpAfterError('(`labrun --help` shows what there is)')
    .argument('[lab]', 'a lab: a file, or the name or number of one that comes with labrun')
    .option('--restart', 'begin anew, though the lab was left half-way', false)
    .option('--plain', 'for screen readers: words instead of signs, nothing is drawn over (also LABRUN_PLAIN=1)')
    .hook('preAction', () => {
      if (program.opts<{ plain?: boolean }>().plain) makePlain()
    })
    .addHelpText('after', EXAMPLES)
  addValues(addPlace(program)).action(async (lab: string | undefined, options: LearnOptions) => {
    const { learn } = await import('./commands/learn.ts')
    done(await learn(lab, options, surroundings))
  })
  addShell(program, surroundings, done)
  addLooking(program, surroundings, done)
  addRun(program, surroundings, done)
  addVerify(program, surroundings, done)
  addVm(program, surroundings, done)
  addAuthoringTools(program, surroundings, done)
  addExams(program, done)
  addGrading(program, surroundings, done)
  addHandingIn(program, surroundings, done)
  for (const [heading, names] of Object.entries(GROUPS))
    for (const command of program.commands) if (names.includes(command.name())) command.helpGroup(heading)
  return program
}

/** In `labrun --help`, by who needs them. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'For students:': ['shell', 'list', 'map', 'doctor', 'vm', 'ticket', 'submit', 'submission'],
  'For authors:': ['new', 'record', 'import', 'update', 'lint', 'run', 'verify', 'schema'],
  'For instructors:': ['edition', 'roster', 'grade', 'worker'],
}

const EXAMPLES = `
Examples:
  labrun 01-netns                go through a lab, step by step; also: labrun 01
  labrun shell                   one more terminal of it, in another window
  labrun list                    see how far you are, and what comes next
  labrun --plain 01-netns        the same for a screen reader
  labrun run labs/01-netns.md    run it without stopping, as CI does
  labrun new my-lab.md           begin a lab of your own
  labrun lint my-lab.md          find mistakes in the file
  labrun update my-lab.md        write its expected output anew
  labrun verify labs             prove that every check can fail, and passes
  labrun map 03-bridge           draw the network as it is at the end of a lab
  labrun doctor --fix            install what labs need
  labrun --on vagrant 01-netns   in a virtual machine: on macOS and Windows

Exit status: 0 all passed, 1 something failed, 2 could not be run, 130 Ctrl-C.`
