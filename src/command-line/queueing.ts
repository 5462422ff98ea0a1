import { type Command, InvalidArgumentError, Option } from 'commander'
import type { PlaceOptions } from '../commands/place.ts'
import type { WorkerOptions } from '../commands/worker.ts'
import type { Surroundings } from '../surroundings.ts'
import { positive } from './numbers.ts'

/** The options of `labrun grade` for grading on several machines. */
export function addQueueOptions(command: Command): Command {
  return addPlaces(command)
    .addOption(
      new Option('--emit <what>', 'grade nothing here: write what a cluster needs to do it').choices(['kubernetes']),
    )
    .option('--parts <n>', 'with --emit: how many pods share the work', positive, 4)
    .option('--image <image>', 'with --emit: the container image, with labrun in it', 'labrun')
    .option('--claim <name>', 'with --emit: the volume claim that is the store', 'labrun-store')
    .option('--secret <name>', 'with --emit: the Secret with the key of a store in S3', 'labrun-store')
}

/** `labrun worker`; loaded only when it is asked for. */
export function addWorker(program: Command, surroundings: Surroundings, done: (status: number) => void): void {
  const command = program
    .command('worker')
    .description('grade what `labrun grade --queue` has put into a queue, until you stop it')
  addPlaces(command)
    .option('--jobs <n>', 'submissions at the same time', positive, 1)
    .option('--lease <seconds>', 'others take over from a worker that was silent for so long', positive, 30)
    .option('--batch <digest>', 'a list in the store instead of a queue; what --emit writes uses it')
    .addOption(
      new Option('--part <i>', 'which part of the list, from 0')
        .env('JOB_COMPLETION_INDEX')
        .argParser(index)
        .default(0),
    )
    .option('--parts <n>', 'into how many parts the list is divided', positive, 1)
    .action(async (options: Omit<WorkerOptions, keyof PlaceOptions>) => {
      const { worker } = await import('../commands/worker.ts')
      done(await worker({ ...options, ...program.opts<PlaceOptions>() }, surroundings))
    })
    .addHelpText('after', WORKER_EXAMPLES)
}

function addPlaces(command: Command): Command {
  return command
    .addOption(new Option('--queue <url>', 'the queue: redis://HOST:PORT; workers grade').env('LABRUN_QUEUE'))
    .addOption(
      new Option('--store <place>', 'what the machines share: a folder, or s3://BUCKET/PREFIX').env('LABRUN_STORE'),
    )
}

function index(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError('expected a number of 0 or more')
  return value
}

const WORKER_EXAMPLES = `
Examples:
  labrun worker --queue redis://192.0.2.7:6379 --store /srv/labrun --jobs 4

A store in S3, with the key in AWS_ACCESS_KEY_ID and so on:
  labrun worker --queue redis://192.0.2.7 --store s3://course/exam

A password that ps(1) does not show:
  LABRUN_QUEUE=redis://:PASSWORD@192.0.2.7 labrun worker --store /srv/labrun

Without Redis, a quarter of a list:
  labrun worker --store /srv/labrun --batch DIGEST --part 0 --parts 4

Ctrl-C or SIGTERM: it finishes what it has begun; once more: it lets go of it,
and another worker takes it over.
Exit status: 0 ended as asked, 1 something of the list could not be graded,
2 could not be run, 130 let go of its work.`
