import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readKey } from '../../src/exam/key.ts'
import { readRoster } from '../../src/exam/roster.ts'
import { readTicket } from '../../src/exam/ticket.ts'
import { packageRoot } from '../../src/package.ts'
import { readSubmission } from '../../src/submission/read.ts'
import { KINDS, kindOf } from './kinds.ts'
import { type Made, makeClass } from './make-class.ts'

const folder = mkdtempSync(join(tmpdir(), 'labrun-class-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(['build-a-bridge', 'repair'])('a class of 20 for %s', async (exam) => {
  const here = join(folder, exam)
  const make = (name: string, seed: string) =>
    makeClass({
      exam: new URL(`labs/exams/${exam}.md`, packageRoot).pathname,
      folder: join(here, name),
      size: 20,
      seed,
    })
  const made = await make('one', 'x')
  const of = (kind: Made['kind']) => made.filter((student) => student.kind === kind)
  const bytes = ({ id }: Made) => readFileSync(join(here, 'one/inbox', `${id}.zip`))

  it('has students of all kinds, and a file of each who handed something in', () => {
    expect(new Set(made.map(({ kind }) => kind))).toEqual(new Set(KINDS))
    const missing = of('missing').map(({ id }) => `${id}.zip`)
    const expected = made.map(({ id }) => `${id}.zip`).filter((file) => !missing.includes(file))
    expect(readdirSync(join(here, 'one/inbox')).toSorted()).toEqual(expected)
  })

  it('has a roster, a key, and a ticket that the key has signed for each student', () => {
    const { students } = readRoster(readFileSync(join(here, 'one/roster.csv')))
    expect(students.map(({ id, name }) => [id, name])).toEqual(made.map(({ id, name }) => [id, name]))
    const { publicKey } = readKey(readFileSync(join(here, 'one/course.key'), 'utf8'))
    for (const { pseudonym } of made) {
      const ticket = readTicket(readFileSync(join(here, 'one/tickets', `${pseudonym}.ticket`), 'utf8'))
      expect(ticket).toMatchObject({ pseudonym, publicKey, lab: exam })
    }
  })

  it('is the same for the same seed, to the byte, and another for another', async () => {
    await make('two', 'x')
    await make('three', 'y')
    const all = (name: string) =>
      readdirSync(join(here, name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .toSorted()
        .map((file) => [file.slice(join(here, name).length), readFileSync(file, 'base64')])
    expect(all('two')).toEqual(all('one'))
    expect(all('three')).not.toEqual(all('one'))
  })

  it('has submissions that are read as real ones, but for the broken', async () => {
    for (const student of made.filter(({ kind }) => kind !== 'missing' && kind !== 'broken')) {
      const { manifest, journal } = await readSubmission(bytes(student))
      expect(manifest.lab).toBe(exam)
      expect(journal?.intact, student.kind).toBe(student.kind !== 'forged')
    }
    for (const student of of('broken')) await expect(readSubmission(bytes(student))).rejects.toThrow()
  })

  it('has copies: to the letter, and with the own values', async () => {
    const commands = async (student: Made) => {
      const { work } = await readSubmission(bytes(student))
      return work.steps.flatMap((step) => step.commands.map(({ text }) => text))
    }
    const [copied, shared] = [of('copied')[0]!, of('shared')[0]!]
    const model = made.find(({ id }) => id === copied.note)!
    expect(model.kind).toBe('right')
    expect(await commands(copied)).toEqual(await commands(model))
    expect((await commands(shared)).length).toBe((await commands(model)).length)
    expect(await commands(shared)).not.toEqual(await commands(model))
  })
})

it('in a class of any size every twenty have the same mixture', () => {
  const mixture = (from: number) => Array.from({ length: 20 }, (_, index) => kindOf('s', 3000, from + index)).toSorted()
  expect(mixture(0)).toEqual(mixture(2980))
  expect(Array.from({ length: 3 }, (_, index) => kindOf('s', 3, index))).toHaveLength(3)
})
