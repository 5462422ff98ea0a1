import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import type { Graded } from './model.ts'

/** Results by the digest that names them, one file each: written beside and renamed into place, so one that is there is whole. */
export class ResultStore {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  has(digest: string): boolean {
    return this.read(digest) !== undefined
  }

  /** Undefined where there is none, or none that can be read: then it is graded anew. */
  read(digest: string): Graded | undefined {
    const file = this.#file(digest)
    if (!existsSync(file)) return undefined
    try {
      const result = JSON.parse(readFileSync(file, 'utf8')) as Partial<Graded>
      const isResult = result.labrun === 'grade' && result.version === 1 && result.digest === digest
      return isResult ? (result as Graded) : undefined
    } catch {
      return undefined
    }
  }

  write(graded: Graded): void {
    mkdirSync(this.folder, { recursive: true })
    writeFileAtomic.sync(this.#file(graded.digest), `${JSON.stringify(graded)}\n`)
  }

  /** Takes all of them away. */
  clear(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  #file(digest: string): string {
    if (!/^[0-9a-f]{64}$/.test(digest)) throw new Error(`not the name of a result: ${digest}`)
    return join(this.folder, `${digest}.json`)
  }
}
