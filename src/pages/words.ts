import type { Graded } from '../grade/model.ts'
import type { Status } from '../run/results.ts'

/**
 * Who reads the page. A student sees neither what hidden checks ask nor leads nor what went wrong in the grader; staff
 * see everything.
 */
export type Reader = 'student' | 'staff'

/** A verdict in words and as a sign, because a colour alone says nothing to many people. */
export const STATUS: Readonly<Record<Status, { readonly sign: string; readonly word: string }>> = {
  passed: { sign: '✓', word: 'passed' },
  failed: { sign: '✗', word: 'failed' },
  blocked: { sign: '⊘', word: 'blocked' },
  error: { sign: '!', word: 'not judged' },
  skipped: { sign: '–', word: 'not reached' },
}

/** What a student reads in place of the text of a hidden check. */
export const HIDDEN = 'A further check'

/** `2`, `0.67`; a dash where there are none. */
export function pointsText(points: number | null): string {
  return points === null ? '–' : String(Number(points.toFixed(2)))
}

/** `1 check`, `2 checks`. */
export function count(number: number, one: string, several = `${one}s`): string {
  return `${number} ${number === 1 ? one : several}`
}

/** 0 to 100, whole; 0 of 0 is 0. */
export function percent(part: number, whole: number): number {
  return whole > 0 ? Math.round((100 * part) / whole) : 0
}

/** How people know the student: by name, else by what the roster or the ticket says, else by the file. */
export function studentName({ student, bundle }: Pick<Graded, 'student' | 'bundle'>): string {
  return student.name || student.id || student.pseudonym || fileName(bundle.file)
}

/** Without the folders, which are those of the instructor's machine. */
export function fileName(path: string): string {
  return path.split('/').at(-1) || path
}

/** `2026-11-24 18:05 UTC`; what is no time stays as it is. */
export function timeText(iso: string): string {
  const time = new Date(iso)
  return Number.isNaN(time.getTime()) ? iso : `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
