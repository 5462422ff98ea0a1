import { type Command, Option } from 'commander'
import type { ImportOptions } from '../commands/import.ts'
import type { NewOptions } from '../commands/new.ts'
import type { PlaceOptions } from '../commands/place.ts'
import type { RecordOptions } from '../commands/record.ts'
import type { Surroundings } from '../surroundings.ts'

/** The commands for people who write labs; each is loaded only when it is asked for. */
export function addAuthoringTools(program: Command, surroundings: Surroundings, done: (status: number) => void): void {
  program
    .command('new')
    .description('write a small lab to begin with; it is proven as it is')
    .argument('<file>', 'the new lab, as my-lab.md')
    .option('--title <title>', 'default: from the name of the file')
    .addOption(worldOption())
    .action(async (file: string, options: NewOptions) => {
      const { newLab } = await import('../commands/new.ts')
      done(newLab(file, options))
    })
    .addHelpText('after', NEW_EXAMPLES)
  program
    .command('record')
    .description('work in a world, and get a lab of what you have typed')
    .argument('<file>', 'the new lab, as my-lab.md')
    .option('--title <title>', 'default: from the name of the file')
    .addOption(worldOption())
    .action(async (file: string, options: Omit<RecordOptions, keyof PlaceOptions>) => {
      const { record } = await import('../commands/record.ts')
      done(await record(file, { ...options, ...program.opts<PlaceOptions>() }, surroundings))
    })
    .addHelpText('after', RECORD_EXAMPLES)
  program
    .command('import')
    .description('make a lab of a transcript: text of a terminal, Markdown, HTML, or the file of script(1)')
    .argument('<file>', 'the transcript; - for standard input')
    .option('--output <file>', 'the new lab; without it, standard output')
    .option('--title <title>', 'default: that of the text')
    .addOption(worldOption())
    .option('--no-run', 'keep the output of the text, and propose no checks')
    .action(async (file: string, options: Omit<ImportOptions, keyof PlaceOptions>) => {
      const { importLab } = await import('../commands/import.ts')
      done(await importLab(file, { ...options, ...program.opts<PlaceOptions>() }, surroundings))
    })
    .addHelpText('after', IMPORT_EXAMPLES)
  program
    .command('update')
    .description('rewrite the expected output of labs from real runs; placeholders that still fit stay')
    .argument('<labs...>', 'files, folders, or names or numbers of labs that come with labrun')
    .option('--check', 'write nothing: show what would change, and end with 1 if something would')
    .option('--dry-run', 'the same as --check')
    .action(async (labs: string[], { check = false, dryRun = check }: { check?: boolean; dryRun?: boolean }) => {
      const { update } = await import('../commands/update.ts')
      done(await update(labs, { check: check || dryRun, ...program.opts<PlaceOptions>() }, surroundings))
    })
    .addHelpText('after', UPDATE_EXAMPLES)
}

function worldOption(): Option {
  return new Option('--world <world>', 'what is around the student’s machine')
    .choices(['isolated', 'lan'])
    .default('isolated')
}

const NEW_EXAMPLES = `
Examples:
  labrun new my-lab.md
  labrun new labs/08-firewall.md --world lan --title "Who may come in?"`

const RECORD_EXAMPLES = `
Examples:
  labrun record my-lab.md               type commands; Ctrl-D writes the lab
  labrun record my-lab.md < script.sh   the lines of a script are the commands

Exit status: 0 written and proven, 1 written but not proven, 2 nothing was written.`

const IMPORT_EXAMPLES = `
Examples:
  labrun import article.md --output my-lab.md
  labrun import session.typescript --output my-lab.md   recorded by script(1)
  curl -s https://example.com/post | labrun import - --no-run

Exit status: 0 the lab is proven, or was not to be run; 1 something in it does not work; 2 nothing was written.`

const UPDATE_EXAMPLES = `
Examples:
  labrun update my-lab.md
  labrun update labs --check    in CI: 1 if the output of a lab is out of date

Exit status: 0 up to date, 1 out of date with --check or not possible,
2 could not be run.`
