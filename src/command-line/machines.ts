import { type Command, InvalidArgumentError, Option } from 'commander'
import { type PlaceOptions, problemOfPlace } from '../commands/place.ts'
import { OUTSIDE } from '../lab/outside.ts'
import type { Surroundings } from '../surroundings.ts'

/** Where worlds are. Options of the whole program, so that they may stand before the subcommand and after it. */
export function addPlace(program: Command): Command {
  const on = new Option('--on <machine>', 'where labs are run: auto, local, vagrant, or ssh:USER@HOST')
    .env('LABRUN_ON')
    .default('auto')
    .argParser((text) => {
      const problem = OUTSIDE.includes(text) ? undefined : problemOfPlace(text)
      if (problem) throw new InvalidArgumentError(problem)
      return text
    })
  return program
    .hook('preAction', (_, command) => {
      const place = program.opts<PlaceOptions>().on
      if (OUTSIDE.includes(place) && command.name() !== 'shell')
        command.error(`error: --on ${place}: ${problemOfPlace(place)} (machines of a lab are for \`labrun shell\`)`)
    })
    .addOption(on)
    .option('--privileged', 'labs that ask for it may have the real root of that machine', false)
}

/** One more terminal of a lab that is open. */
export function addShell(program: Command, surroundings: Surroundings, done: (status: number) => void): void {
  program
    .command('shell')
    .description(
      'one more terminal of a lab that is open in another window; `--on client`: on that machine of its network',
    )
    .argument('[lab]', 'the lab; not needed where only one is open')
    .option(
      '--terminal <name>',
      'the terminal of that name in the lab, or with --on of that number; without it, a new one',
    )
    .action(async (lab: string | undefined, options: { terminal?: string }) => {
      const { shell } = await import('../commands/shell.ts')
      const { on } = program.opts<PlaceOptions>()
      done(await shell(lab, OUTSIDE.includes(on) ? { ...options, machine: on } : options, surroundings))
    })
    .addHelpText('after', SHELL_EXAMPLES)
}

/** The commands for the virtual machine; each is loaded only when it is asked for. */
export function addVm(program: Command, surroundings: Surroundings, done: (status: number) => void): void {
  const vm = program
    .command('vm')
    .description('the virtual machine that `--on vagrant` uses')
    .addHelpText('after', VM_EXAMPLES)
  vm.command('up')
    .description('make it, or start it, and make it ready for labs')
    .action(async () => {
      const { vmUp } = await import('../commands/vm.ts')
      done(await vmUp(surroundings))
    })
  vm.command('status')
    .description('whether it runs: exit status 0 if it does, 1 if not')
    .option('--json', 'one JSON document')
    .action(async (options: { json?: boolean }) => {
      const { vmStatus } = await import('../commands/vm.ts')
      done(await vmStatus(options))
    })
  vm.command('halt')
    .description('stop it; the next lab starts it again')
    .action(async () => {
      const { vmHalt } = await import('../commands/vm.ts')
      done(await vmHalt(surroundings))
    })
  vm.command('destroy')
    .description('take it away with its disk; what you did in labs is kept')
    .action(async () => {
      const { vmDestroy } = await import('../commands/vm.ts')
      done(await vmDestroy(surroundings))
    })
  vm.command('ssh')
    .description('a shell in it, or one command')
    .argument('[command...]')
    .allowUnknownOption()
    .action(async (command: string[]) => {
      const { vmSsh } = await import('../commands/vm.ts')
      done(await vmSsh(command, surroundings))
    })
}

const VM_EXAMPLES = `
Examples:
  labrun vm up                   takes some minutes the first time, then seconds
  labrun --on vagrant 01-netns   does that by itself
  labrun vm ssh uname -r         one command in it
  LABRUN_VM_BOX=my.box labrun vm up

vagrant/README.md says how to begin on each system.`

const SHELL_EXAMPLES = `
Examples:
  labrun shell                    a second terminal, for tcpdump
  labrun shell --on client        on another machine of the lab's network
  labrun shell --on client --terminal 2
  labrun shell 05-masquerade --terminal gateway`
