import { type Command, Option } from 'commander'
import type { ImportOptions } from './commands/import.ts'
import type { NewOptions } from './commands/new.ts'
import type { RecordOptions } from './commands/record.ts'
import type { Surroundings } from './main.ts'

/** The commands for people who write labs; each is loaded only when it is asked for. */
export function addAuthoringTools(program: Command, surroundings: Surroundings, done: (status: number) => void): void {
  program
    .command('new')
    .description('write a small lab to begin with; it is proven as it is')
    .argument('<file>', 'the new lab, as my-lab.md')
    .option('--title <title>', 'default: from the name of the file')
    .addOption(worldOption())
    .action(async (file: string, options: NewOptions) => {
      const { newLab } = await import('./commands/new.ts')
      done(newLab(file, options))
    })
  program
    .command('record')
    .description('work in a world, and get a lab of what you have typed')
    .argument('<file>', 'the new lab, as my-lab.md')
    .option('--title <title>', 'default: from the name of the file')
    .addOption(worldOption())
    .action(async (file: string, options: RecordOptions) => {
      const { record } = await import('./commands/record.ts')
      done(await record(file, options, surroundings))
    })
  program
    .command('import')
    .description('make a lab of a transcript: text of a terminal, Markdown, HTML, or the file of script(1)')
    .argument('<file>', 'the transcript; - for standard input')
    .option('--output <file>', 'the new lab; without it, standard output')
    .option('--title <title>', 'default: that of the text')
    .addOption(worldOption())
    .option('--no-run', 'keep the output of the text, and propose no checks')
    .action(async (file: string, options: ImportOptions) => {
      const { importLab } = await import('./commands/import.ts')
      done(await importLab(file, options, surroundings))
    })
  program
    .command('update')
    .description('rewrite the expected output of labs from real runs; placeholders that still fit stay')
    .argument('<labs...>', 'files, folders, or names of labs that come with labrun')
    .option('--check', 'write nothing: show what would change, and end with 1 if something would')
    .option('--dry-run', 'the same as --check')
    .action(async (labs: string[], { check = false, dryRun = check }: { check?: boolean; dryRun?: boolean }) => {
      const { update } = await import('./commands/update.ts')
      done(await update(labs, { check: check || dryRun }, surroundings))
    })
}

function worldOption(): Option {
  return new Option('--world <world>', 'what is around the student’s machine')
    .choices(['isolated', 'lan'])
    .default('isolated')
}
