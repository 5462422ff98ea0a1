import { skeleton } from '../author/skeleton.ts'
import { newLabFile, titleFrom, writeNew } from './new-file.ts'

export interface NewOptions {
  readonly title?: string
  readonly world: 'isolated' | 'lan'
}

/** `labrun new`: writes a lab to begin with. */
export function newLab(name: string, { title, world }: NewOptions): number {
  const file = newLabFile(name)
  writeNew(file, skeleton(title ?? titleFrom(file), world))
  process.stdout.write(`${file} is written. What comes next:

  labrun verify ${file}    prove it
  labrun ${file}           go through it as a student does
  labrun update ${file}    write the output of its commands anew, after you have changed them
`)
  return 0
}
