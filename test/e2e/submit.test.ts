import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readSubmission } from '../../src/submission/read.ts'
import { fence, frontMatter } from '../support/lab-text.ts'
import { type Ended, labrunWith } from '../support/labrun.ts'
import { Screen } from './screen.ts'

const LAB = [
  frontMatter('title: Rooms', 'params: {port: {int: 8000..9000}}'),
  '## One room',
  fence('sh solution', 'ip netns add red'),
  fence('yaml check', '- netns: red', '  points: 2', '- run: test -e /tmp/secret', '  hidden: true'),
  fence('yaml question', 'ask: Which port?', 'answer: {{port}}'),
  '## Another',
  fence('sh', 'echo shown'),
  fence('yaml check', '- run: test ! -e /tmp/later || test -e /tmp/now', '  holds: before'),
].join('\n\n')

describe('labrun submit', () => {
  let folder: string
  let screen: Screen | undefined

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'labrun-submit-'))
    mkdirSync(join(folder, 'whole'))
    writeFileSync(join(folder, 'whole', 'rooms.md'), LAB)
    writeFileSync(join(folder, 'roster.csv'), 'id,name\nada,Ada\nbob,Bob\n')
  })

  afterEach(() => {
    screen?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const env = () => ({ XDG_STATE_HOME: join(folder, 'state'), NO_COLOR: '1' })
  async function labrun(...words: readonly string[]): Promise<Ended> {
    return await labrunWith({ cwd: folder, env: env() }, ...words)
  }

  /** An exam for two students; resolves to the ticket of one of them. */
  async function makeExam(): Promise<string> {
    for (const words of [
      ['edition', 'whole/rooms.md', '--output', 'rooms.md'],
      ['roster', 'key', 'course.key'],
      ['roster', 'tickets', 'roster.csv', '--lab', 'rooms.md', '--key', 'course.key', '--out', 'tickets'],
    ]) {
      expect(await labrun(...words)).toMatchObject({ status: 0 })
    }
    const [ticket] = readdirSync(join(folder, 'tickets')).filter((name) => name.endsWith('.ticket'))
    return join(folder, 'tickets', ticket!)
  }

  async function work(ticket: string): Promise<void> {
    screen = new Screen([join(folder, 'rooms.md'), '--ticket', ticket], env())
    await screen.answer('It is your turn', 'ip netns add rde\r')
    await screen.answer('# ip netns add rde', 'ip netns add red\r')
    await screen.answer('# ip netns add red', '\r')
    await screen.answer('Which port?', '8080\r')
    await screen.answer('▸ echo shown', '\r')
    await screen.shows('You have finished Rooms')
    expect(await screen.ended).toBeLessThan(2)
  }

  it('replays the work, shows it, and writes what the instructor can grade', { timeout: 180_000 }, async () => {
    const ticket = await makeExam()
    await work(ticket)
    const { status, stdout, stderr } = await labrun('submit', 'rooms.md', '--ticket', ticket)
    expect({ status, stderr }).toMatchObject({ status: 0 })
    for (const part of [
      '# ip netns add rde',
      '# echo shown',
      '? Which port?',
      '8080',
      '✓ advice: netns: red',
      'no grade',
    ])
      expect(stdout).toContain(part)
    expect(stderr).toContain('step 2 of 2')
    const file = /✓ (rooms-s\w{12}\.zip) is written/.exec(stdout)![1]!
    const { work: done, journal, ticket: own, advice } = await readSubmission(join(folder, file))
    expect(own).toBe(readFileSync(ticket, 'utf8').trim())
    expect(done.steps).toMatchObject(
      [
        {
          id: 'one-room',
          commands: [{ text: 'ip netns add rde', exit: 0, at: /T/ }, { text: 'ip netns add red' }],
          answers: [{ text: '8080' }],
        },
        { id: 'another', commands: [{ text: 'echo shown', exit: 0 }], answers: [] },
      ].map((step) => ({
        ...step,
        commands: step.commands.map((one) => ('at' in one ? { ...one, at: expect.any(String) } : one)),
      })),
    )
    expect(journal).toMatchObject({ intact: true })
    expect(journal!.entries[0]).toMatchObject({ type: 'start', ticket: expect.stringMatching(/^s\w{12}$/) })
    expect(advice!.steps[0]).toMatchObject({ status: 'passed', answers: [{ right: null }] })

    const again = await labrun('submit', 'rooms.md', '--ticket', ticket)
    expect(again.stdout).toContain(file.replace('.zip', '-2.zip'))
    const taken = await labrun('submit', 'rooms.md', '--ticket', ticket, '--output', file)
    expect(taken).toMatchObject({ status: 2, stderr: expect.stringContaining('is there already') })

    const shown = await labrun('submission', 'show', file)
    expect(shown.stdout).toContain('its chain is whole')
    expect(JSON.parse((await labrun('submission', 'show', file, '--json')).stdout)).toMatchObject({ work: done })
    expect(await labrun('submission', 'strip', file, '--journal', '--advice', '--output', 'little.zip')).toMatchObject({
      status: 0,
    })
    expect(await readSubmission(join(folder, 'little.zip'))).toMatchObject({ journal: null, advice: null, work: done })
    expect(await labrun('submission', 'strip', file)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--journal'),
    })
    writeFileSync(join(folder, 'evil.zip'), 'PK')
    expect(await labrun('submission', 'show', 'evil.zip')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('not a zip'),
    })
  })

  it('says why there is nothing to hand in', async () => {
    const ticket = await makeExam()
    const nothing = await labrun('submit', 'rooms.md', '--ticket', ticket)
    expect(nothing).toMatchObject({ status: 2, stderr: expect.stringContaining('nothing was done in it yet') })
  })

  it('warns of a step that passed in the session and not in the replay, and of practice values', async () => {
    writeFileSync(join(folder, 'rooms.md'), LAB)
    screen = new Screen([join(folder, 'rooms.md')], env())
    await screen.answer('It is your turn', 'test $RANDOM$(date +%N) = x || ip netns add red; touch /tmp/secret\r')
    await screen.answer('touch /tmp/secret', '\r')
    await screen.answer('Which port?', '\r')
    await screen.answer('▸ echo shown', 'q\r')
    await screen.ended
    // What the student's machine has seen cannot be had again: here a command is taken out of the work.
    const kept = join(folder, 'state', 'labrun', 'progress')
    const file = join(kept, readdirSync(kept)[0]!)
    writeFileSync(file, readFileSync(file, 'utf8').replace('ip netns add red;', 'true;'))
    const { status, stdout } = await labrun('submit', 'rooms.md')
    expect(status).toBe(0)
    expect(stdout).toContain('! The step "One room" passed while you worked, and does not in the replay')
    expect(stdout).toContain('practice values')
  })
})
