import { type Command, InvalidArgumentError } from 'commander'
import type { GradeOptions } from '../commands/grade.ts'
import type { PlaceOptions } from '../commands/place.ts'
import { parseDeadline } from '../exam/deadline.ts'
import type { Surroundings } from '../surroundings.ts'
import { positive } from './numbers.ts'
import { addQueueOptions, addWorker } from './queueing.ts'

type Done = (status: number) => void

/** The commands for exams and for grading them; each is loaded only when it is asked for. */
export function addGrading(program: Command, surroundings: Surroundings, done: Done): void {
  addGrade(program, surroundings, done)
  addWorker(program, surroundings, done)
}

function addGrade(program: Command, surroundings: Surroundings, done: Done): void {
  const command = program
    .command('grade')
    .description('grade submissions: each is replayed in fresh worlds and judged there')
    .argument('<lab>', 'the instructor’s whole text of the lab')
    .argument('[submissions...]', 'zip files, folders, or the bulk downloads of Moodle and Canvas')
    .option('--roster <file>', 'the class, as CSV with a column `id`')
    .option('--key <file>', 'the key that the tickets were made with')
    .option('--out <folder>', 'where the results are written', 'graded')
    .option('--jobs <n>', 'submissions at the same time', positive, 1)
    .option('--carry <factor>', 'what a step is worth that is judged by itself, after a failed one: 0 to 1', share)
    .option('--attempts <n>', 'how often a submission is tried where something could not be found out', positive, 3)
    .option('--edition <file>', 'what the class was given, if the lab was mended since')
    .option('--deadline <date>', 'what was written later is late, as 2027-01-31T18:00', date)
    .option('--regrade', 'grade all of them anew; show what would change before it is written', false)
    .option('--yes', 'write it without asking', false)
    .option(
      '--live <machines...>',
      'judge students’ machines as they are now: ssh:USER@HOST …; nothing is run there',
      [],
    )
    .option('--inventory <file>', 'the same, from a CSV file with the columns id and machine')
    .option('--json', 'one JSON document', false)
  addQueueOptions(command)
    .action(async (lab: string, submissions: string[], options: Omit<GradeOptions, keyof PlaceOptions>) => {
      const { grade } = await import('../commands/grade.ts')
      done(await grade(lab, submissions, { ...options, ...program.opts<PlaceOptions>() }, surroundings))
    })
    .addHelpText('after', GRADE_EXAMPLES)
}

function share(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError('expected a number from 0 to 1')
  return value
}

function date(text: string): Date {
  const value = parseDeadline(text)
  if (!value) throw new InvalidArgumentError('expected a date, as 2027-01-31 or 2027-01-31T18:00')
  return value
}

const GRADE_EXAMPLES = `
Examples:
  labrun grade exam.md inbox --roster roster.csv --key course.key --out graded
  labrun grade exam.md inbox --jobs 4 --on vagrant        in a virtual machine
  labrun grade exam.md --live ssh:root@pc1 ssh:root@pc2   machines as they are

Moodle's or Canvas' download:
  labrun grade exam.md Exam-4711.zip --roster roster.csv --key course.key

After the exam was mended:
  labrun grade exam.md inbox --roster roster.csv --key course.key --regrade

The same command goes on where it was interrupted. Nothing is graded twice.
Exit status: 0 all are graded, 1 a person has to look at some,
2 could not be run, 130 interrupted.`
