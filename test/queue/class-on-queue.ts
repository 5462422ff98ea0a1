import { readdirSync, readFileSync } from 'node:fs'
import { ClassFolder } from '../grade/class-folder.ts'
import { SOLUTION, workOf } from '../grade/replay.ts'
import { Running } from './running.ts'

const HALF = workOf({ ...SOLUTION, rooms: ['ip netns add red', 'sleep 1'] }, '254')
const SLOW = workOf({ ...SOLUTION, rooms: [...SOLUTION.rooms, 'sleep 1'] }, '254')

/** A store that is no folder, and what its users have in their environment. */
interface Elsewhere {
  readonly store: string
  readonly env: Readonly<Record<string, string>>
}

/** A class whose submissions are graded by workers with a Redis and a store: a shared folder, if nothing else is said. */
export class ClassOnQueue extends ClassFolder {
  readonly store: string
  readonly #students: readonly string[]
  readonly #env: Readonly<Record<string, string>>

  private constructor(url: string | undefined, students: readonly string[], elsewhere?: Elsewhere) {
    super(...students.map((id) => `${id},Nameless ${id},${id}@example.org`))
    this.#env = { ...(url === undefined ? {} : { LABRUN_QUEUE: url }), ...elsewhere?.env }
    this.store = elsewhere?.store ?? this.path('store')
    this.#students = students
  }

  /** Without a URL there is no queue. Every second submission is half right; each takes a second and more. */
  static async of(url: string | undefined, count: number, elsewhere?: Elsewhere): Promise<ClassOnQueue> {
    const students = Array.from({ length: count }, (_, index) => `roster${index}`)
    const here = new ClassOnQueue(url, students, elsewhere)
    for (const [index, id] of students.entries()) {
      await here.handIn(`inbox/${id}.zip`, id, { work: index % 2 ? HALF : SLOW })
    }
    return here
  }

  worker(...more: readonly string[]): Running {
    return new Running(this.#env, 'worker', '--store', this.store, ...more)
  }

  grade(...more: readonly string[]): Running {
    return new Running(this.#env, ...this.words('--store', this.store, ...more))
  }

  bytes(file: string): Buffer {
    return readFileSync(this.path(file))
  }

  /** What is in the store of one kind; who was killed while writing has left a file with another name. */
  stored(kind: string): string[] {
    return readdirSync(`${this.store}/${kind}`).filter((name) => /^[0-9a-f]{64}$/.test(name))
  }

  /** Points of each student, and what they have to be. */
  points(): { readonly seen: Record<string, string>; readonly due: Record<string, string> } {
    const rows = this.table('grades.csv')
    const seen = Object.fromEntries(Object.entries(rows).map(([id, row]) => [id, `${row.status} ${row.points}`]))
    const due = Object.fromEntries(this.#students.map((id, index) => [id, index % 2 ? 'graded 6' : 'graded 10']))
    return { seen, due }
  }
}
