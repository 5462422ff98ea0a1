import type { Lead } from '../grade/model.ts'
import { printable } from '../submission/printable.ts'

/** How many others are named in one lead. */
export const MOST_OTHERS = 20

/** Where leads are worded. Each is a reason for a person to look, and says nothing of guilt. */
export const leads = {
  'foreign-ticket': (other: string) =>
    lead('foreign-ticket', `the work was begun with the ticket of another student, ${other}`, [other]),
  'foreign-canary': (other: string) =>
    lead('foreign-canary', `something that only the ticket of ${other} has is in it`, [other]),
  'foreign-values': (other: string, used: readonly string[]) =>
    lead('foreign-values', `it uses values of ${other}: ${used.join(', ')}`, [other]),
  'foreign-value': (other: string, used: string, chance: number) =>
    lead(
      'foreign-value',
      `it uses ${used}, which is a value of ${other}, more than once; of 1000 such values ${Math.max(1, Math.round(chance * 1000))} belong to somebody, so it may be chance`,
      [other],
    ),
  'broken-journal': (trouble: string) => lead('broken-journal', `the chain of its journal is broken: ${trouble}`),
  'journal-work': (missing: number, more: number, example: string) =>
    lead('journal-work', `the journal does not fit the work: ${parts(missing, more)}, as \`${example}\``),
  'journal-replay': (other: number, all: number, example: string) =>
    lead(
      'journal-replay',
      `of ${all} commands ${other} ended otherwise in the replay than the journal says, as \`${example}\``,
    ),
  'advice-replay': (labels: readonly string[]) =>
    lead('advice-replay', `by its own advice these checks hold, and they do not in the replay: ${labels.join('; ')}`),
  'equal-history': (others: readonly string[], count: number, commands: number) =>
    lead(
      'equal-history',
      `the same ${commands} commands that are neither in the lab nor usual, in the same order, as ${people(count)}`,
      others,
    ),
  'similar-history': (other: string, shared: number, all: number) =>
    lead('similar-history', `${shared} of its ${all} unusual commands are also those of ${other}, and of few others`, [
      other,
    ]),
  'same-journal': (others: readonly string[], count: number) =>
    lead('same-journal', `entries of its journal, with their times, are also in that of ${people(count)}`, others),
  'too-many': (what: string, all: number, compared: number) =>
    lead(
      'too-many',
      `it has ${all} ${what} of its own, more than anybody types; only the first ${compared} were compared with those of others`,
    ),
  'odd-times': (what: string) => lead('odd-times', what),
} satisfies Readonly<Record<string, (...details: never[]) => Lead>>

function lead(kind: string, reason: string, others: readonly string[] = []): Lead {
  return { kind, reason: printable(reason).replaceAll(/\s+/g, ' ').slice(0, 600), others: others.slice(0, MOST_OTHERS) }
}

function parts(missing: number, more: number): string {
  const [first, second] = [
    `${missing} of the work are not in the journal`,
    `${more} of the journal are not in the work`,
  ]
  if (missing > 0 && more > 0) return `${first}, ${second}`
  return missing > 0 ? first : second
}

function people(count: number): string {
  return count === 1 ? 'another student' : `${count} other students`
}
