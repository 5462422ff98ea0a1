import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findSubmissions } from '../../../src/grade/inbox.ts'
import { senderOf } from '../../../src/grade/sender.ts'
import { StudentNames } from '../../../src/grade/student-names.ts'
import { zipOf } from '../../grade/class-folder.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inbox-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (file: string, content: string | Buffer) => {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), content)
}
/** What is found: place, what its bytes begin with, or the problem. */
const found = async (...paths: readonly string[]) => {
  const all: string[][] = []
  for await (const { place, bytes, problem, sender } of findSubmissions(paths.map((path) => join(folder, path)))) {
    const what = bytes ? (bytes.includes('manifest.json') ? 'submission' : 'bytes') : (problem ?? '?')
    all.push([
      place.slice(folder.length + 1),
      what,
      ...(sender ? [`${sender.platform} ${sender.id} ${sender.name}`] : []),
    ])
  }
  return all
}
const submission = async () => await zipOf({ 'manifest.json': '{}' })

describe('where submissions are', () => {
  test('files, and folders of folders; nothing else that lies there', async () => {
    write('b.zip', await submission())
    write('in/a.zip', await submission())
    write('in/deep/c.zip', await submission())
    write('in/roster.csv', 'id\n')
    write('in/.hidden/x.zip', 'x')
    write('in/__MACOSX/x.zip', 'x')
    symlinkSync('/etc/passwd', join(folder, 'in/link.zip'))
    expect(await found('b.zip', 'in')).toEqual([
      ['b.zip', 'submission'],
      ['in/a.zip', 'submission'],
      ['in/deep/c.zip', 'submission'],
      ['in/link.zip', 'it is no ordinary file'],
    ])
  })

  test('Moodle’s download, packed and unpacked, with folders and without', async () => {
    const one = await submission()
    const files = {
      'Ann Lee_11_assignsubmission_file_/lab.zip': one,
      'Bo_12_assignsubmission_file_/notes.pdf': 'x',
      'Bo_12_assignsubmission_onlinetext_/onlinetext.html': 'x',
      'Cy_Young_13_assignsubmission_file_lab.zip': one,
    }
    write('all.zip', await zipOf(files))
    for (const [name, content] of Object.entries(files)) write(`all/${name}`, content)
    const expected = (where: string) => [
      [`${where}/Ann Lee_11_assignsubmission_file_/lab.zip`, 'submission', 'moodle 11 Ann Lee'],
      [`${where}/Bo_12_assignsubmission_file_/notes.pdf`, expect.stringContaining('no submission'), 'moodle 12 Bo'],
      [`${where}/Cy_Young_13_assignsubmission_file_lab.zip`, 'submission', 'moodle 13 Cy_Young'],
    ]
    expect(await found('all.zip')).toEqual(expected('all.zip'))
    expect(await found('all')).toEqual(expected('all'))
  })

  test('Canvas’ download; somebody has packed the submission once more', async () => {
    const one = await submission()
    const twice = await zipOf({ 'lab/lab.zip': one })
    write('submissions.zip', await zipOf({ 'leeann_LATE_7_8_lab.zip': one, 'young_9_10_lab.zip': twice }))
    expect(await found('submissions.zip')).toEqual([
      ['submissions.zip/leeann_LATE_7_8_lab.zip', 'submission', 'canvas 7 leeann'],
      ['submissions.zip/young_9_10_lab.zip/lab/lab.zip', 'submission', 'canvas 9 young'],
    ])
  })

  test('the platform says who has handed it in, and no name that the student has chosen', async () => {
    const one = await submission()
    const mal = 'Mal Ory_103_assignsubmission_file_'
    const own = 'Bob Kay_102_assignsubmission_file_plain.zip'
    const nested = await zipOf({ 'Bob Kay_102_assignsubmission_file_/a.zip': one, 'kaybob_102_9_b.zip': one })
    const files = { [`${mal}/${own}`]: one, [`${mal}/nested.zip`]: nested, [`${mal}${own}`]: one }
    write('all.zip', await zipOf(files))
    for (const [name, content] of Object.entries(files)) write(`all/${name}`, content)
    const senders = async (path: string) => (await found(path)).map(([, , sender]) => sender)
    expect(await senders('all.zip')).toEqual(Array(4).fill('moodle 103 Mal Ory'))
    expect(await senders('all')).toEqual(Array(4).fill('moodle 103 Mal Ory'))
  })

  test('a student who has packed thousands of zips is told once, and the others are found', async () => {
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`${at}.zip`, '']))
    const nested = await zipOf({ ...many(5), 'a/inner.zip': await zipOf(many(3000)), 'b.zip': '', 'notes.txt': 'x' })
    const [mal, ann] = ['Mal_13_assignsubmission_file_', 'Ann_11_assignsubmission_file_']
    const files = { [`${ann}/lab.zip`]: await submission(), [`${mal}/lab.zip`]: nested }
    write('all.zip', await zipOf(files))
    for (const [name, content] of Object.entries(files)) write(`all/${name}`, content)
    write('class.zip', await zipOf({ 'u1.zip': await zipOf(many(3000)), 'u2.zip': await submission() }))
    for (const path of ['all', 'all.zip', 'class.zip']) {
      const problems = (await found(path)).map(([, what]) => what)
      expect(problems.filter((what) => what === 'submission')).toHaveLength(1)
      expect(problems.filter((what) => what!.includes('more than 20 zips'))).toHaveLength(1)
      expect(problems.length).toBeLessThan(30)
    }
  })

  test('a student’s zip without one in it is told, not passed over', async () => {
    write('Bo_12_assignsubmission_file_/x.zip', await zipOf({ '__MACOSX/._a.zip': 'x', 'notes.pdf': 'x' }))
    const problem = expect.stringContaining('no submission')
    const place = 'Bo_12_assignsubmission_file_/x.zip'
    expect(await found(place)).toEqual([[place, problem, 'moodle 12 Bo']])
  })

  test('what is broken, huge or unpacked is told, and the others are found', async () => {
    write('in/a.zip', Buffer.from('no zip'))
    write('in/b.zip', '')
    truncateSync(join(folder, 'in/b.zip'), 1 << 30)
    write('in/c/manifest.json', '{}')
    write('in/d.zip', await submission())
    const bomb = Buffer.alloc(8 << 20)
    const one = await submission()
    const packed = await zipOf({ 'x/bomb.zip': bomb, 'y/fine.zip': one, 'aa/bb/up.zip': one })
    // What writes zips refuses such a name; those who mean harm do not.
    write('in/e.zip', Buffer.from(packed.toString('latin1').replaceAll('aa/bb/up.zip', '../../up.zip'), 'latin1'))
    expect(await found('in')).toEqual([
      ['in/a.zip', 'bytes'],
      ['in/b.zip', expect.stringContaining('larger')],
      ['in/c', expect.stringContaining('unpacked')],
      ['in/d.zip', 'submission'],
      // A name is only a name: nothing is ever written to it.
      ['in/e.zip/../../up.zip', 'submission'],
      ['in/e.zip/x/bomb.zip', expect.stringContaining('larger')],
      ['in/e.zip/y/fine.zip', 'submission'],
    ])
  })
})

describe('whose they are', () => {
  const student = (id: string, name: string, fields = {}) => ({ id, name, email: '', fields, line: 1 })
  const meant = (path: string, ...names: readonly string[]) =>
    new StudentNames(names.map((name, index) => student(String(index), name))).meant(senderOf(path)!)?.name

  test.each([
    ['Jörg Böll_1_assignsubmission_file_/x.zip', 'Jörg Böll'],
    ['jorg boll_1_assignsubmission_file_/x.zip', 'Jörg Böll'],
    ['Lee Ann Maria_1_assignsubmission_file_/x.zip', 'Ann Maria Lee'],
    ['Jörg Böll_1_assignsubmission_file_/x.zip', 'Böll, Jörg'],
    ['leeannmaria_1_2_x.zip', 'Ann Maria Lee'],
    ['leeann_1_2_x.zip', 'Lee, Ann'],
    ['vanderberganna_1_2_x.zip', 'Anna van der Berg'],
  ])('%s is %s', (path, name) => {
    expect(meant(path, 'Somebody Else', name)).toBe(name)
  })

  test('where two could be meant, nobody is', () => {
    expect(meant('Ann Lee_1_assignsubmission_file_/x.zip', 'Ann Lee', 'ann lee')).toBeUndefined()
  })

  test('an id of Canvas in the roster decides', () => {
    const students = [student('a', 'Ann Lee', { canvas_id: '5' }), student('b', 'Ann Lee', { canvas_id: '6' })]
    expect(new StudentNames(students).meant(senderOf('leeann_6_2_x.zip')!)!.id).toBe('b')
  })

  test('a file that is named like Moodle’s stays Canvas’, and late', () => {
    expect(senderOf('kaybob_LATE_13_9_x_1_assignsubmission_file_.zip')).toEqual({
      platform: 'canvas',
      name: 'kaybob',
      id: '13',
      late: true,
    })
  })

  test.each(['lab.zip', 'u1.zip', 'a_b.zip', 'my_lab_2.zip'])('%s is named by nobody', (path) => {
    expect(senderOf(path)).toBeNull()
  })
})
