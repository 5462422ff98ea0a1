import { readFileSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { collect } from '../../../src/commands/grade-collect.ts'
import { leadsOf } from '../../../src/commands/grade-leads.ts'
import { prepareGrade } from '../../../src/commands/grade-prepare.ts'
import { ResultStore } from '../../../src/grade/store.ts'
import { ClassFolder, zipOf } from '../../grade/class-folder.ts'

let here: ClassFolder
afterEach(() => here.remove())

/** What is known of the class when all is collected and nothing is graded. */
async function collected(choices: { readonly roster?: boolean; readonly edition?: string } = {}) {
  const roster = choices.roster === false ? undefined : here.path('roster.csv')
  const none = { carry: undefined, deadline: undefined, edition: choices.edition }
  const prepared = prepareGrade(here.exam, { roster, key: here.path('course.key'), ...none })
  const folder = here.path('graded')
  const counted = await collect([here.path('inbox')], prepared, folder, new AbortController().signal)
  return { prepared, folder, list: counted, counted: [...counted], store: new ResultStore(join(folder, 'results')) }
}

async function leadsOfClass() {
  const { list, ...rest } = await collected()
  const leads = await leadsOf(list, { ...rest, say: () => {} })
  return (id: string) => leads.of(here.pseudonym(id)).map(({ kind }) => kind)
}

test('a copy of somebody’s zip is the sender’s own, and refused; the student keeps the row', async () => {
  here = new ClassFolder('u1,Zoe Ray,', 'u2,Bo,')
  await here.handIn('inbox/Aaa_9_assignsubmission_file_/lab.zip', 'u1')
  await here.handIn('inbox/Zoe Ray_8_assignsubmission_file_/lab.zip', 'u1')
  const { counted } = await collected()
  const [copy, own] = counted
  expect(copy).toMatchObject({ sender: { id: '9' }, student: { id: null }, refused: expect.stringContaining('ticket') })
  expect(own).toMatchObject({ sender: { id: '8' }, student: { id: 'u1' }, refused: null, others: [] })
})

test('a copy that is later, or changed, counts no more than one that is the same', async () => {
  here = new ClassFolder('u1,Zoe Ray,')
  await here.handIn('inbox/Zoe Ray_8_assignsubmission_file_/lab.zip', 'u1')
  await here.handIn('inbox/Mal_9_assignsubmission_file_/lab.zip', 'u1', { created: '2026-05-02T00:00:00Z' })
  const { counted } = await collected()
  expect(counted.map(({ sender, refused }) => [sender?.id, refused === null])).toEqual([
    ['9', false],
    ['8', true],
  ])
})

test.each([true, false])('where no sender has the student’s name, all are refused (roster: %s)', async (roster) => {
  here = new ClassFolder('u1,Zoe Ray,')
  await here.handIn('inbox/Ann_8_assignsubmission_file_/lab.zip', 'u1')
  await here.handIn('inbox/Mal_9_assignsubmission_file_/lab.zip', 'u1')
  const { counted } = await collected({ roster })
  expect(counted).toHaveLength(1)
  expect(counted[0]).toMatchObject({ refused: expect.stringContaining('2 senders'), digest: null })
  expect(counted[0]!.others).toHaveLength(1)
})

test('the same file from the same sender is one; who hands in twice is no stranger', async () => {
  here = new ClassFolder('u1,Zoe Ray,')
  await here.handIn('inbox/a/Zoe Ray_8_assignsubmission_file_/lab.zip', 'u1')
  await here.handIn('inbox/b/Zoe Ray_8_assignsubmission_file_/lab.zip', 'u1')
  await here.handIn('inbox/c/Zoe Ray_7_assignsubmission_file_/lab.zip', 'u1', { created: '2026-05-02T00:00:00Z' })
  const { counted } = await collected()
  expect(counted).toHaveLength(1)
  expect(counted[0]).toMatchObject({ sender: { id: '7' }, refused: null, others: [expect.stringContaining('/a/')] })
})

test('a sender whom the roster does not know is a lead', async () => {
  here = new ClassFolder('u1,Zoe Ray,', 'u2,Bo,')
  await here.handIn('inbox/Mal_9_assignsubmission_file_/lab.zip', 'u1')
  await here.handIn('inbox/Bo_7_assignsubmission_file_/lab.zip', 'u2')
  const leads = await leadsOfClass()
  expect(leads('u1')).toEqual(['other-sender'])
  expect(leads('u2')).toEqual([])
})

test('where the platform hides all names, they are no leads', async () => {
  here = new ClassFolder('u1,Zoe Ray,', 'u2,Bo,')
  await here.handIn('inbox/Participant_9_assignsubmission_file_/lab.zip', 'u1')
  await here.handIn('inbox/Participant_7_assignsubmission_file_/lab.zip', 'u2')
  const leads = await leadsOfClass()
  expect([...leads('u1'), ...leads('u2')]).toEqual([])
})

test('files of one name in several places are of several students', async () => {
  here = new ClassFolder('u1,Zoe Ray,')
  for (const folder of ['a', 'b', 'c']) await here.handIn(`inbox/${folder}/plain.zip`, '', { ticketOf: null })
  const { counted } = await collected({ roster: false })
  expect(new Set(counted.map(({ student }) => student.pseudonym)).size).toBe(3)
})

test('a folder that is named like a student is that student’s, whatever lies in it', async () => {
  here = new ClassFolder('u1,Zoe Ray,', 'u2,Bo,', 'u3,Cem,', 'u4,Dora,')
  const plain = await here.zip('', { ticketOf: null })
  here.write('inbox/u1/plain.zip', plain)
  here.write('inbox/u2/u1.zip', plain)
  here.write('inbox/u3.zip', await zipOf({ 'Zoe Ray_1_assignsubmission_file_/x.zip': plain }))
  here.write('inbox/all.zip', await zipOf({ 'u4/x.zip': plain }))
  const { counted } = await collected()
  const whose = counted.map(({ student, place }) => [student.id, place.slice(here.path('inbox/').length)])
  expect(Object.fromEntries(whose)).toEqual({
    u1: 'u1/plain.zip',
    u2: 'u2/u1.zip',
    u3: 'u3.zip/Zoe Ray_1_assignsubmission_file_/x.zip',
    u4: 'all.zip/u4/x.zip',
  })
})

test('a zip that is named like a student is that student’s, and not a download of a class', async () => {
  here = new ClassFolder('u1,Zoe Ray,', 'u2,Bo,')
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`${at}.zip`, '']))
  here.write('inbox/u1.zip', await zipOf(many))
  here.write('inbox/class.zip', await zipOf({ ...many, 'u2.zip': await here.zip('u2') }))
  const { counted } = await collected()
  expect(counted.find(({ student }) => student.id === 'u1')!.others).toHaveLength(20)
  expect(counted.find(({ student }) => student.id === 'u2')).toMatchObject({ refused: null })
})

test('of a huge zip that is nobody’s only so much is told, and one row says how much more; work in it still counts', async () => {
  here = new ClassFolder('u1,Zoe Ray,', 'u2,Bo,')
  const many = Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`${at}.zip`, '']))
  const senders = Object.entries(many).map(([name, content]) => [
    `Name_${name.replace('.zip', '')}_assignsubmission_file_/x.zip`,
    content,
  ])
  // By their names both are the last ones.
  const own = { 'z/work.zip': await here.zip('u2'), 'Zoe Ray_9_assignsubmission_file_/lab.zip': '' }
  here.write('inbox/class.zip', await zipOf({ ...many, ...Object.fromEntries(senders), ...own }))
  here.write('inbox/other.zip', await zipOf({ 'a.zip': '', 'b.zip': '' }))
  const { counted } = await collected()
  expect(counted.find(({ student }) => student.id === 'u2')).toMatchObject({ refused: null })
  expect(counted.find(({ student }) => student.id === 'u1')).toMatchObject({ refused: expect.any(String) })
  const nobody = counted.filter(({ student }) => student.id === null)
  expect(nobody).toHaveLength(200 + 1 + 2)
  const [rest, ...more] = nobody.filter(({ refused }) => refused!.includes('5800 are not'))
  expect(more).toEqual([])
  expect(rest).toMatchObject({ place: here.path('inbox/class.zip'), refused: expect.stringContaining('6000 files') })
})

test('a bundle that was written half is written again', async () => {
  here = new ClassFolder('u1,Zoe Ray,')
  await here.handIn('inbox/u1.zip', 'u1')
  const { counted } = await collected()
  const file = here.path('graded/bundles', `${counted[0]!.sha256}.zip`)
  const whole = readFileSync(file)
  truncateSync(file, 10)
  await collected()
  expect(readFileSync(file)).toEqual(whole)
})

test('a bundle that cannot be read, and values that no longer fit, keep nobody else from the leads', async () => {
  here = new ClassFolder('u1,Zoe Ray,', 'u2,Bo,', 'u3,Cem,')
  const exam = (range: string) =>
    here.read('two-rooms.md').replace(/^---\n(labrun: 1\n)?/, (front) => `${front}params:\n  port: {int: ${range}}\n`)
  here.write('two-rooms.md', exam('1000..1009'))
  here.write('given.md', here.read('two-rooms.md'))
  await here.handIn('inbox/u1.zip', 'u1')
  await here.handIn('inbox/u2.zip', 'u2')
  await here.handIn('inbox/Mal_7_assignsubmission_file_/lab.zip', 'u3')
  here.write('two-rooms.md', here.read('two-rooms.md').replace('1000..1009', '2000..2009'))
  const { list, counted, ...rest } = await collected({ edition: here.path('given.md') })
  rmSync(here.path('graded/bundles', `${counted.at(-1)!.sha256}.zip`))
  const said: string[] = []
  await leadsOf(list, { ...rest, say: (line) => said.push(line) })
  expect(said.map((line) => /looked for in .*\/(\S+): (?:this ticket is refused|ENOENT)/.exec(line)?.[1])).toEqual([
    'lab.zip',
    'u1.zip',
    'u2.zip',
  ])
})
