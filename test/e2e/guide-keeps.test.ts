import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { checks } from '../../src/checks/index.ts'
import { parseJournal } from '../../src/guide/journal.ts'
import { digestOf } from '../../src/guide/progress.ts'
import { parseLabOrThrow } from '../../src/lab/parse.ts'
import { stateName } from '../../src/state.ts'
import type { Screen, ScreenOptions } from './screen.ts'
import { eachWithScreens } from './screens.ts'

const LAB = fileURLToPath(new URL('../fixtures/keeps.md', import.meta.url))
const NAME = stateName({ id: 'keeps', file: resolve(LAB) })

describe('what a student has done', { timeout: 180_000 }, () => {
  const screens = eachWithScreens()
  const open = (options: ScreenOptions = {}) => screens.open([LAB], {}, options)

  function journal() {
    return parseJournal(readFileSync(join(screens.state, 'labrun', 'journal', `${NAME}l`), 'utf8'))
  }

  function progress() {
    return JSON.parse(readFileSync(join(screens.state, 'labrun', 'progress', NAME), 'utf8'))
  }

  it.each([
    ['SIGKILL', (screen: Screen) => screen.kill()],
    ['a closed window', (screen: Screen) => screen.close()],
  ])('outlives %s: the world is built again, with what was typed, answered and asked for', async (_, end) => {
    const first = open()
    await first.answer('▸ ip netns add one', '\r')
    await first.answer('It is your turn', 'export MINE=kept\r')
    await first.answer('# export MINE=kept', '\r')
    await first.answer(/✗ netns: two[\s\S]*Hint: what makes one/, 'ip netns add two\r')
    await first.answer('How many namespaces', '2\r')
    await first.answer('▸ ip link add left', '\r')
    await first.shows(/▸ ip -n one link set left up[\s\S]*›$/)
    end(first)
    await first.ended

    const second = open()
    await second.answer('You were at step 3 of 3: A cable', '\r')
    await second.answer(
      '▸ ip -n one link set left up',
      'echo "$MINE" and $(ip netns list | wc -l); ip -n two link show right\r',
    )
    await second.shows(/kept and 2[\s\S]*›$/)
    expect(second.text()).toContain('right@')
    expect(second.text()).not.toContain('Not everything is as it was')
    expect(second.text()).not.toContain('▸ ip link add left')
    expect(progress()).toMatchObject({
      version: 2,
      hints: { 'another-room': 1 },
      answers: [{ text: '2', right: true }],
    })
    const { entries, intact } = journal()
    expect(intact).toBe(true)
    const told = entries.map((entry) => (entry.type === 'command' ? `${entry.from}: ${entry.text}` : entry.type))
    expect(told.slice(0, 16)).toEqual([
      'start',
      'step',
      'lab: ip netns add one',
      'check',
      'step',
      'student: export MINE=kept',
      'left',
      'check',
      'hint',
      'student: ip netns add two',
      'check',
      'answer',
      'step',
      'lab: ip link add left netns one type veth peer name right netns two',
      'resume',
      expect.stringContaining('student: echo "$MINE"'),
    ])
  })

  it('goes back a step and begins one anew, exactly', async () => {
    const screen = open()
    await screen.answer('▸ ip netns add one', 'ip netns add wrong\r')
    await screen.answer('# ip netns add wrong', 'r\r')
    await screen.answer('This undoes a command of your own', 'y\r')
    await screen.answer(/Step 1 of 3[\s\S]*Step 1 of 3[\s\S]*▸ ip netns add one/, 'ip netns list; echo listed\r')
    await screen.answer(/^ {4}listed/m, '\r')
    await screen.answer('It is your turn', 'b\r')
    await screen.answer('This undoes', '\r')
    await screen.answer('It is your turn', 's\r')
    await screen.answer('How many namespaces', '\r')
    await screen.answer('▸ ip link add left', 'b\r')
    await screen.answer(/Step 2 of 3[\s\S]*Step 2 of 3[\s\S]*It is your turn/, 'echo now $(ip netns list)\r')
    await screen.shows('now one')
    expect(screen.text()).not.toContain('now one two')
    expect(screen.text()).not.toContain('now wrong')
    screen.close()
    await screen.ended
    expect(journal().entries.filter(({ type }) => /back|reset/.test(type))).toMatchObject([
      { type: 'reset', step: 'a-room' },
      { type: 'back', step: 'another-room' },
    ])
  })

  it('says what did not come out as then', async () => {
    const first = open()
    await first.answer(
      '▸ ip netns add one',
      'test "$RANDOM" = "$(cat /nowhere 2>&1)"; exit_like() { return 3; }; exit_like\r',
    )
    await first.answer('exit_like', '\r')
    await first.answer('It is your turn', 'q\r')
    await first.ended
    const file = join(screens.state, 'labrun', 'progress', NAME)
    const kept = progress()
    kept.typed[0].exit = 0
    kept.typed.push({ ...kept.typed[0], step: 'another-room', before: 1, text: 'ip netns del one', exit: 0 })
    kept.checks.push({ ...kept.checks[0] })
    writeFileSync(file, JSON.stringify(kept))
    const second = open()
    await second.answer('You were at step 2 of 3', '\r')
    await second.shows('Not everything is as it was')
    await second.shows('ended with status 0 then, and with status 3 now')
  })

  it('is read from the file of the first labruns', async () => {
    const folder = join(screens.state, 'labrun', 'progress')
    mkdirSync(folder, { recursive: true })
    const lab = parseLabOrThrow(readFileSync(LAB, 'utf8'), LAB, checks)
    const typed = [{ before: 1, terminal: 'main', text: 'export OLD=kept' }]
    const old = { version: 1, digest: digestOf(lab), step: 'another-room', done: 1, left: [], typed, finished: false }
    writeFileSync(join(folder, NAME), JSON.stringify(old))
    const screen = open()
    await screen.answer('You were at step 2 of 3: Another room', '\r')
    await screen.answer('It is your turn', 'echo "is $OLD"\r')
    await screen.shows(/is kept[\s\S]*›$/)
    expect(progress().version).toBe(2)
  })

  it('is not touched when a newer labrun has written it', async () => {
    const folder = join(screens.state, 'labrun', 'progress')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, NAME), '{"version":9}')
    const screen = open()
    await screen.shows('a newer labrun has written it')
    const aside = readdirSync(folder).find((name) => name.includes('unreadable'))!
    expect(readFileSync(join(folder, aside), 'utf8')).toBe('{"version":9}')
  })

  it('is not mixed up by a second window', async () => {
    const first = open()
    await first.answer('▸ ip netns add one', '\r')
    await first.shows('It is your turn')
    const second = open()
    await second.answer(`open in another window (process ${first.pid}`, 'g\r')
    await second.answer('▸ ip netns add one', '\r')
    await second.answer('It is your turn', 'q\r')
    await second.shows('Nothing was kept of this')
    await second.ended
    expect(second.text()).not.toContain('goes on from here')
    first.kill()
    await first.ended
    const third = open()
    await third.answer('You were at step 2 of 3', 'q\r')
  })

  it('is not locked for ever by a computer that is gone', async () => {
    const first = open()
    await first.answer('▸ ip netns add one', '\r')
    await first.answer('It is your turn', 'q\r')
    await first.ended
    const gone = { pid: 1, host: 'a-container', process: 'x', since: new Date().toISOString() }
    writeFileSync(join(screens.state, 'labrun', 'progress', `${NAME}.lock`), JSON.stringify(gone))
    const second = open()
    await second.answer('t: nobody is there, take it over', 't\r')
    await second.answer('You were at step 2 of 3', '\r')
    await second.answer('It is your turn', 'q\r')
    await second.shows('Your place is kept.')
  })

  it('is told when the disk is full, and kept when there is room again', async (test) => {
    const disk = join(screens.folder, 'disk')
    mkdirSync(disk)
    const script = 'mount -t tmpfs -o size=64k tmpfs "$0" && exec env XDG_STATE_HOME="$0" "$@"'
    const user = process.getuid?.() === 0 ? [] : ['--map-root-user']
    const through = ['unshare', '--mount', '--propagation', 'private', ...user, 'sh', '-c', script, disk]
    if (user.length > 0) test.skip('without root, a world cannot be built in the namespace that the small disk is in')
    const screen = open({ through })
    await screen.answer('▸ ip netns add one', 'export A=1\r')
    await screen.answer('# export A=1', 'export B=2\r')
    await screen.shows(/# export B=2[\s\S]*›\s*$/)
    const inside = join('/proc', String(screen.pid), 'root', disk)
    const filler = join(inside, 'filler')
    expect(() => writeFileSync(filler, Buffer.alloc(1 << 20))).toThrow('ENOSPC')
    await screen.answer(/# export B=2/, 'export C=3\r')
    await screen.shows('Your place cannot be kept: ENOSPC')
    const text = () => readFileSync(join(inside, 'labrun', 'progress', NAME), 'utf8')
    expect(JSON.parse(text()).typed).toHaveLength(2)
    rmSync(filler)
    await screen.answer('# export C=3', 'export D=4\r')
    await screen.shows('Your place is kept again.')
    expect(JSON.parse(text()).typed.map(({ text }: { text: string }) => text)).toEqual([
      'export A=1',
      'export B=2',
      'export C=3',
      'export D=4',
    ])
    const { entries, intact } = parseJournal(readFileSync(join(inside, 'labrun', 'journal', `${NAME}l`), 'utf8'))
    expect(intact).toBe(true)
    expect(entries.filter(({ type }) => type === 'command')).toHaveLength(4)
  })

  it('counts as done where a task was solved by typing', async () => {
    const screen = open()
    await screen.answer('▸ ip netns add one', '\r')
    await screen.answer('It is your turn', 'ip netns add two\r')
    await screen.answer('# ip netns add two', '\r')
    await screen.answer('How many namespaces', '2\r')
    await screen.answer('▸ ip link add left', 'a\r')
    expect(await screen.ends('You have finished A lab to come back to: 7 of 7 passed.')).toBe(0)
  })
})
