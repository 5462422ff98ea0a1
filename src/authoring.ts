import type { Command } from 'commander'
import type { Surroundings } from './main.ts'

/** The commands for people who write labs; each is loaded only when it is asked for. */
export function addAuthoringTools(program: Command, surroundings: Surroundings, done: (status: number) => void): void {
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
