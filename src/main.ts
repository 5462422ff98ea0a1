import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { addAuthoringTools } from './authoring.ts'
import type { MapOptions } from './commands/map.ts'
import type { PlaceOptions } from './commands/place.ts'
import { addPlace, addShell, addVm } from './machines.ts'
import { packageVersion } from './package.ts'
import { makePlain } from './plain.ts'
import type { ReporterName } from './reporters/index.ts'

/** What a command is told by the command line, apart from its own options. */
export interface Surroundings {
  /** Aborted by Ctrl-C, or when labrun is asked to end. */
  readonly signal: AbortSignal
  /** Takes Ctrl-C over until the function that is returned is called. */
  readonly onInterrupt: (handler: () => void) => () => void
}

/** One reporter and the file that it writes to; without a file, standard output. */
export interface ReporterChoice<Name = ReporterName> {
  readonly name: Name
  file?: string
}

/** Runs a command line; resolves to the exit status: 0, 1, 2, or 130 after Ctrl-C. */
export async function main(argv: readonly string[]): Promise<number> {
  const stop = new AbortController()
  const end = () => stop.abort()
  let interrupt = end
  process
    .on('SIGINT', () => interrupt())
    .on('SIGTERM', end)
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
  const surroundings = { signal: stop.signal, onInterrupt }
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
    .helpCommand(true)
    .showHelpAfterError('(`labrun --help` shows what there is)')
    .argument('[lab]', 'a lab: a file, or the name of one that comes with labrun')
    .option('--restart', 'begin anew, though the lab was left half-way', false)
    .option('--plain', 'for screen readers: words instead of signs, nothing is drawn over (also LABRUN_PLAIN=1)')
    .hook('preAction', () => {
      if (program.opts<{ plain?: boolean }>().plain) makePlain()
    })
    .addHelpText('after', EXAMPLES)
  addPlace(program).action(async (lab: string | undefined, options: PlaceOptions & { restart: boolean }) => {
    const { learn } = await import('./commands/learn.ts')
    done(await learn(lab, options, surroundings))
  })
  addShell(program, surroundings, done)
  addRun(program, surroundings, done)
  addAuthoring(program, surroundings, done)
  addVm(program, surroundings, done)
  addAuthoringTools(program, surroundings, done)
  program
    .command('doctor')
    .description('find out whether labs can be run here, and what is missing')
    .option('--fix', 'install what is missing, with the system’s package manager')
    .option('--json', 'one JSON document')
    .action(async (options: { fix?: boolean; json?: boolean }) => {
      const { doctor } = await import('./commands/doctor.ts')
      done(await doctor(options))
    })
  return program
}

interface RunFlags {
  readonly bail?: boolean
  readonly map?: boolean
  readonly artefacts?: string
  readonly artifacts?: string
}

function addRun(program: Command, surroundings: Surroundings, done: Done): void {
  const command = program
    .command('run')
    .description('run labs from beginning to end, without stopping')
    .argument('<labs...>', 'files, folders, or names of labs that come with labrun')
  const reporters = addReporters(command, ['text', 'json', 'events', 'junit', 'github'])
  command
    .option('--bail', 'stop a lab at its first step that does not pass')
    .option('--map', 'draw the network after each step')
    .option('--artefacts <folder>', 'where captured packets are kept, in a folder for each lab')
    .addOption(new Option('--artifacts <folder>').hideHelp())
    .action(async (labs: string[], options: RunFlags) => {
      const { run } = await import('./commands/run.ts')
      const { bail = false, map = false, artifacts, artefacts = artifacts } = options
      const chosen = { reporters: reporters(), bail, map, artefacts, ...program.opts<PlaceOptions>() }
      done(await run(labs, chosen, surroundings))
    })
    .addHelpText('after', RUN_EXAMPLES)
}

function addAuthoring(program: Command, surroundings: Surroundings, done: Done): void {
  program
    .command('lint')
    .description('show all mistakes of lab files, without running them')
    .argument('<paths...>', 'files, folders, or names of labs that come with labrun')
    .option('--json', 'one JSON document')
    .action(async (paths: string[], options: { json?: boolean }) => {
      const { lint } = await import('./commands/lint.ts')
      done(await lint(paths, options))
    })
  addVerify(program, surroundings, done)
  program
    .command('map')
    .description('draw the network as it is after a step of a lab')
    .argument('<lab[#step]>', 'without a step: at the end of the lab')
    .addOption(
      new Option('--format <format>', 'what to draw').choices(['text', 'mermaid', 'svg', 'json']).default('text'),
    )
    .option('--output <file>', 'write it there')
    .action(async (lab: string, options: Omit<MapOptions, keyof PlaceOptions>) => {
      const { map } = await import('./commands/map.ts')
      done(await map(lab, { ...options, ...program.opts<PlaceOptions>() }, surroundings))
    })
  program
    .command('schema')
    .description('print a JSON Schema for editors')
    .argument('<part>', 'front-matter, check or question')
    .action(async (part: string) => {
      const { schema } = await import('./commands/schema.ts')
      done(schema(part))
    })
  program
    .command('list')
    .description('show the labs that come with labrun')
    .option('--json', 'one JSON document')
    .action(async (options: { json?: boolean }) => {
      const { list } = await import('./commands/list.ts')
      done(list(options))
    })
}

function addVerify(program: Command, surroundings: Surroundings, done: Done): void {
  const command = program
    .command('verify')
    .description('prove labs: every check fails before its step and passes after it, every output matches')
    .argument('<paths...>', 'files, folders, or names of labs that come with labrun')
  const reporters = addReporters(command, ['text', 'json', 'github'])
  command
    .option('--jobs <n>', 'labs at the same time', positive, 1)
    .option('--changed', 'only labs that are not as they were when they were proven last')
    .option('--repeat <n>', 'prove each lab that often, and name what is not the same each time', positive, 1)
    .action(async (paths: string[], options: { changed?: boolean; jobs: number; repeat: number }) => {
      const { verify } = await import('./commands/verify.ts')
      const { changed = false, jobs, repeat } = options
      const chosen = { reporters: reporters(), changed, jobs, repeat, ...program.opts<PlaceOptions>() }
      done(await verify(paths, chosen, surroundings))
    })
    .addHelpText('after', VERIFY_EXAMPLES)
}

/** The options that choose reporters; what is returned gives those that were chosen, or the first of all. */
function addReporters<Name extends string>(command: Command, names: readonly [Name, ...Name[]]) {
  const chosen: ReporterChoice<Name>[] = []
  const known = (name: string): name is Name => (names as readonly string[]).includes(name)
  const choose = (name: string) => {
    if (!known(name)) throw new InvalidArgumentError(`reporters are ${names.join(', ')}`)
    chosen.push({ name })
  }
  const list = `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
  command
    .option('--reporter <name>', `${list}; may be given several times`, choose)
    .option('--output <file>', 'where the reporter before it writes; without it, standard output', (file) => {
      if (chosen.length === 0) choose(names[0])
      chosen.at(-1)!.file = file
    })
    .option('--json', 'the same as --reporter json', () => choose('json'))
  return () => (chosen.length > 0 ? chosen : [{ name: names[0] }])
}

function positive(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('expected a number of 1 or more')
  return value
}

const EXAMPLES = `
Examples:
  labrun 01-netns                go through a lab, step by step
  labrun shell                   in another window: one more terminal of that lab
  labrun list                    see how far you are, and what comes next
  labrun --plain 01-netns        the same for a screen reader
  labrun run labs/01-netns.md    run it without stopping, as CI does
  labrun new my-lab.md           begin a lab of your own; \`record\` and \`import\` make one of commands
  labrun lint my-lab.md          find mistakes in the file
  labrun update my-lab.md        write its expected output anew
  labrun verify labs             prove that every check can fail, and passes
  labrun map 03-bridge           draw the network as it is at the end of a lab
  labrun doctor --fix            install what labs need
  labrun --on vagrant 01-netns   in a virtual machine (the way on macOS and Windows)

Exit status: 0 all passed, 1 something failed, 2 could not be run, 130 interrupted.`

const VERIFY_EXAMPLES = `
Examples:
  labrun verify my-lab.md
  labrun verify labs --jobs 4 --changed
  labrun verify my-lab.md --repeat 10
  labrun verify labs --reporter text --reporter github

Exit status: 0 all proven, 1 something is not, 2 could not be run, 130 interrupted.`

const RUN_EXAMPLES = `
Examples:
  labrun run labs/01-netns.md
  labrun run labs --json
  labrun run 03-bridge --map
  labrun run labs --on ssh:me@server
  labrun run labs --reporter text --reporter junit --output junit.xml

Exit status: 0 all passed, 1 something failed, 2 could not be run, 130 interrupted.`
