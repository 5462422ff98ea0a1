import { type Command, Option } from 'commander'
import type { MapOptions } from '../commands/map.ts'
import type { PlaceOptions } from '../commands/place.ts'
import type { ValueOptions } from '../commands/values.ts'
import type { Surroundings } from '../surroundings.ts'

/** The commands that show what there is, and change nothing but what `doctor --fix` installs. */
export function addLooking(program: Command, surroundings: Surroundings, done: (status: number) => void): void {
  program
    .command('list')
    .description('show the labs that come with labrun')
    .option('--json', 'one JSON document')
    .action(async (options: { json?: boolean }) => {
      const { list } = await import('../commands/list.ts')
      done(list(options))
    })
  program
    .command('map')
    .description('draw the network as it is after a step of a lab')
    .argument('<lab[#step]>', 'without a step: at the end of the lab')
    .addOption(
      new Option('--format <format>', 'what to draw').choices(['text', 'mermaid', 'svg', 'json']).default('text'),
    )
    .option('--output <file>', 'write it there')
    .action(async (lab: string, options: Pick<MapOptions, 'format' | 'output'>) => {
      const { map } = await import('../commands/map.ts')
      done(await map(lab, { ...options, ...program.opts<PlaceOptions & ValueOptions>() }, surroundings))
    })
  program
    .command('lint')
    .description('show all mistakes of lab files, without running them')
    .argument('<paths...>', 'files, folders, or names or numbers of labs that come with labrun')
    .option('--json', 'one JSON document')
    .action(async (paths: string[], options: { json?: boolean }) => {
      const { lint } = await import('../commands/lint.ts')
      done(await lint(paths, { ...options, ...program.opts<ValueOptions>() }))
    })
  program
    .command('schema')
    .description('print a JSON Schema for editors')
    .argument('<part>', 'front-matter, check or question')
    .action(async (part: string) => {
      const { schema } = await import('../commands/schema.ts')
      done(schema(part))
    })
  program
    .command('doctor')
    .description('find out whether labs can be run here, and what is missing')
    .option('--fix', 'install what is missing, with the system’s package manager')
    .option('--json', 'one JSON document')
    .action(async (options: { fix?: boolean; json?: boolean }) => {
      const { doctor } = await import('../commands/doctor.ts')
      done(await doctor(options))
    })
}
