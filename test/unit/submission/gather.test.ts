import { describe, expect, it } from 'vitest'
import { TASK_MARK } from '../../../src/lab/edition-marks.ts'
import { gatherWork, type Kept, workOfJournal } from '../../../src/submission/gather.ts'
import { answer, chain, command, started } from '../../support/journal.ts'
import { fence, frontMatter, lab } from '../../support/lab-text.ts'

const LAB = lab(
  [
    frontMatter(),
    '## One',
    fence('sh setup', 'prepare'),
    fence('sh', 'first', 'second'),
    '## Two',
    fence('sh background', 'server'),
    fence('sh', 'third'),
    '## Three',
    fence('sh solution', 'secret', 'more secret'),
  ].join('\n'),
)
const kept: Kept = { done: 5, left: [1, 3, 4], typed: [], answers: [] }
const typed = (step: string, before: number, text: string) => ({ step, before, terminal: 'main', text })
const texts = ({ steps }: ReturnType<typeof gatherWork>) =>
  steps.map(({ id, commands }) => [id, ...commands.map(({ text }) => text)])

describe('what a student did', () => {
  it('is what of the lab was run, and what was typed, in the order in which it was done', () => {
    const own = [
      typed('one', 1, 'between'),
      typed('two', 2, 'before'),
      typed('one', 2, 'after the last'),
      typed('three', 3, 'ip link add'),
      typed('three', 3, 'ip link set'),
      typed('three', 5, 'at a check'),
    ]
    expect(texts(gatherWork(LAB, { ...kept, typed: own }, []))).toEqual([
      ['one', 'first', 'between', 'after the last'],
      ['two', 'before', 'third'],
      ['three', 'ip link add', 'ip link set', 'at a check'],
    ])
  })

  it('is that of the step of the next command, where an old labrun did not keep the step', () => {
    const own = [
      { before: 2, terminal: 'main', text: 'x' },
      { before: 5, terminal: 'main', text: 'y' },
    ]
    expect(texts(gatherWork(LAB, { ...kept, typed: own }, []))).toEqual([
      ['one', 'first'],
      ['two', 'x', 'third'],
      ['three', 'y'],
    ])
  })

  it('has the status and the time that the journal has of it, of the last try', () => {
    const journal = chain([
      started,
      command('one', 0, 'first', { from: 'lab', exit: 7 }),
      command('one', 1, 'again', { exit: 1 }),
      command('one', 1, 'again', { exit: 2 }),
      { type: 'reset', step: 'one' },
      command('one', 0, 'first', { from: 'lab', exit: 0 }),
      command('one', 1, 'again', { exit: 3 }),
      command('one', 1, 'again', { exit: null }),
    ])
    const own = [typed('one', 1, 'again'), typed('one', 1, 'again'), typed('one', 1, 'not in the journal')]
    const { steps } = gatherWork(LAB, { ...kept, done: 1, typed: own }, journal)
    expect(steps[0]!.commands.map(({ exit, at }) => [exit, at?.slice(17, 19)])).toEqual([
      [0, '50'],
      [3, '00'],
      [null, '10'],
      [null, undefined],
    ])
  })

  it('has the last answer to each question, and none that was left out', () => {
    const answers = [
      { step: 'two', line: 3, ask: 'How many?', text: '7', right: true },
      { step: 'two', line: 9, ask: 'Why?', text: '', right: null },
    ]
    expect(gatherWork(LAB, { ...kept, done: 0, answers }, []).steps).toEqual([
      { id: 'two', commands: [], answers: [{ line: 3, ask: 'How many?', text: '7' }] },
    ])
  })

  it('is nothing where nothing was done', () => {
    expect(gatherWork(LAB, { done: 0, left: [], typed: [] }, [])).toEqual({ steps: [] })
  })

  it('counts the task of an edition as one command that has no text', () => {
    const edition = lab(`${frontMatter('edition: true')}## Task\n\n${TASK_MARK}\n\n## Then${fence('sh', 'next')}`)
    const work = gatherWork(edition, { done: 2, left: [0], typed: [typed('task', 0, 'mine')] }, [])
    expect(texts(work)).toEqual([
      ['task', 'mine'],
      ['then', 'next'],
    ])
  })
})

describe('what the journal tells of it', () => {
  it('is the same, without what was taken back and what was done before the lab was begun anew', () => {
    const journal = chain([
      started,
      command('one', 0, 'of another life'),
      { ...started },
      command('one', 0, 'kept'),
      command('two', 2, 'taken back'),
      answer('two', 3, '1'),
      { type: 'back', step: 'two' },
      command('two', 2, 'kept too'),
      command('three', 3, 'undone'),
      { type: 'reset', step: 'three' },
      answer('three', 9, '1'),
      answer('three', 9, '2'),
      answer('three', 12, ''),
    ])
    expect(workOfJournal(LAB, journal).steps).toMatchObject([
      { id: 'one', commands: [{ text: 'kept' }], answers: [] },
      { id: 'two', commands: [{ text: 'kept too' }], answers: [] },
      { id: 'three', commands: [], answers: [{ line: 9, text: '2' }] },
    ])
  })
})
