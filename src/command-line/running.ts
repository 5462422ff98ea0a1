import { type Command, InvalidArgumentError, Option } from 'commander'
import type { PlaceOptions } from '../commands/place.ts'
import type { ValueOptions } from '../commands/values.ts'
import type { ReporterChoice } from '../reporters/index.ts'
import type { Surroundings } from '../surroundings.ts'
import { positive } from './numbers.ts'

type SharedOptions = PlaceOptions & ValueOptions

type Done = (status: number) => void

interface RunFlags {
  readonly bail?: boolean
  readonly map?: boolean
  readonly artefacts?: string
  readonly artifacts?: string
}

/** `labrun run`. */
export function addRun(program: Command, surroundings: Surroundings, done: Done): void {
  const command = program
    .command('run')
    .description('run labs from beginning to end, without stopping')
    .argument('<labs...>', 'files, folders, or names or numbers of labs that come with labrun')
  const reporters = addReporters(command, ['text', 'json', 'events', 'junit', 'github'])
  command
    .option('--bail', 'stop a lab at its first step that does not pass')
    .option('--map', 'draw the network after each step')
    .option('--artefacts <folder>', 'where captured packets are kept, in a folder for each lab')
    .addOption(new Option('--artifacts <folder>').hideHelp())
    .action(async (labs: string[], options: RunFlags) => {
      const { run } = await import('../commands/run.ts')
      const { bail = false, map = false, artifacts, artefacts = artifacts } = options
      const chosen = { reporters: reporters(), bail, map, artefacts, ...program.opts<SharedOptions>() }
      done(await run(labs, chosen, surroundings))
    })
    .addHelpText('after', RUN_EXAMPLES)
}

/** `labrun verify`. */
export function addVerify(program: Command, surroundings: Surroundings, done: Done): void {
  const command = program
    .command('verify')
    .description('prove labs: every check fails before its step and passes after it, every output matches')
    .argument('<paths...>', 'files, folders, or names or numbers of labs that come with labrun')
  const reporters = addReporters(command, ['text', 'json', 'github'])
  command
    .option('--jobs <n>', 'labs at the same time', positive, 1)
    .option('--changed', 'only labs that are not as they were when they were proven last')
    .option('--repeat <n>', 'prove each lab that often, and name what is not the same each time', positive, 1)
    .action(async (paths: string[], options: { changed?: boolean; jobs: number; repeat: number }) => {
      const { verify } = await import('../commands/verify.ts')
      const { changed = false, jobs, repeat } = options
      const chosen = { reporters: reporters(), changed, jobs, repeat, ...program.opts<SharedOptions>() }
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

const VERIFY_EXAMPLES = `
Examples:
  labrun verify my-lab.md
  labrun verify labs --jobs 4 --changed
  labrun verify my-lab.md --repeat 10
  labrun verify labs --reporter text --reporter github

Exit status: 0 all proven, 1 something is not, 2 could not be run, 130 Ctrl-C.`

const RUN_EXAMPLES = `
Examples:
  labrun run labs/01-netns.md
  labrun run labs --json
  labrun run 03-bridge --map
  labrun run labs --on ssh:me@server
  labrun run labs --reporter text --reporter junit --output junit.xml

Exit status: 0 all passed, 1 something failed, 2 could not be run, 130 Ctrl-C.`
