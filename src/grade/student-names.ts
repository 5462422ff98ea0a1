import { canvasIdOf, type Sender } from './sender.ts'

interface Named {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly fields: Readonly<Record<string, string>>
}

/** Finds the students of a class by what files and senders are called; each is looked at once, however many hand in. */
export class StudentNames<Student extends Named> {
  readonly #byId = new Map<string, Student>()
  readonly #bySpelling = new Map<string, Set<Student>>()
  /** Without blanks; not those whose id in Canvas is known. */
  readonly #byCanvasName = new Map<string, Set<Student>>()
  readonly #byCanvasId = new Map<string, Set<Student>>()

  constructor(students: readonly Student[]) {
    for (const student of students) {
      const { id, email, name } = student
      for (const key of [id, email]) if (key !== '' && !this.#byId.has(key)) this.#byId.set(key, student)
      const canvasId = canvasIdOf(student)
      if (canvasId !== undefined) add(this.#byCanvasId, canvasId, student)
      for (const one of spellings(name)) {
        add(this.#bySpelling, one, student)
        if (canvasId === undefined) add(this.#byCanvasName, one.replaceAll(' ', ''), student)
      }
    }
  }

  /** Whose id or address it is. */
  withId(text: string): Student | undefined {
    return this.#byId.get(text)
  }

  /** The one student who can be meant; undefined where none or several can. */
  meant({ platform, name, id }: Sender): Student | undefined {
    const wanted = words(name)
    if (wanted === '') return undefined
    const found =
      platform === 'moodle'
        ? [...(this.#bySpelling.get(wanted) ?? [])]
        : [...(this.#byCanvasId.get(id) ?? []), ...(this.#byCanvasName.get(wanted) ?? [])]
    return found.length === 1 ? found[0] : undefined
  }
}

function add<Student>(index: Map<string, Set<Student>>, key: string, student: Student): void {
  const all = index.get(key) ?? new Set()
  index.set(key, all.add(student))
}

/** `Ann Maria Lee` is `leeannmaria` in Canvas, and `Lee Ann Maria` where Moodle has the last name first. */
function spellings(name: string): string[] {
  const parts = words(name.replace(/^([^,]+),(.*)$/, '$2 $1')).split(' ')
  return parts.map((_, cut) => [...parts.slice(cut), ...parts.slice(0, cut)].join(' '))
}

function words(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
