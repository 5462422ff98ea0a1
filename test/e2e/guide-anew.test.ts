import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readSubmission } from '../../src/submission/read.ts'
import { fence, frontMatter } from '../support/lab-text.ts'
import { type Ended, labrunWith } from '../support/labrun.ts'
import { Screen } from './screen.ts'

const LAB = [
  frontMatter('title: Doors', 'params: {port: {int: 8000..9000}}'),
  '## One door',
  fence('sh', 'echo {{port}} > /tmp/door', 'echo shown'),
].join('\n\n')

describe('a lab that is opened once more', { timeout: 180_000 }, () => {
  let folder: string
  let screens: Screen[]

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'labrun-anew-'))
    writeFileSync(join(folder, 'doors.md'), LAB)
    screens = []
  })

  afterEach(async () => {
    for (const screen of screens) screen.close()
    await Promise.all(screens.map(({ ended }) => ended))
    rmSync(folder, { recursive: true, force: true })
  })

  const env = () => ({ XDG_STATE_HOME: join(folder, 'state'), NO_COLOR: '1' })

  function open(...args: string[]): Screen {
    const screen = new Screen([join(folder, 'doors.md'), ...args], env())
    screens.push(screen)
    return screen
  }

  async function finish(...args: string[]): Promise<void> {
    const screen = open(...args)
    await screen.answer('▸ echo 8', 'a\r')
    await screen.shows('You have finished Doors')
    await screen.ended
  }

  /** The commands that are handed in. */
  async function handedIn(...args: string[]): Promise<string[]> {
    const { status, stdout, stderr }: Ended = await labrunWith(
      { cwd: folder, env: env() },
      'submit',
      'doors.md',
      ...args,
    )
    expect({ status, stderr }).toMatchObject({ status: 0 })
    const { work } = await readSubmission(join(folder, /✓ (\S+\.zip) is written/.exec(stdout)![1]!))
    for (const { commands } of work.steps) for (const { at } of commands) expect(at).toMatch(/T/)
    return work.steps.flatMap(({ commands }) => commands.map(({ text }) => text))
  }

  it('stays finished, also when something is done in it', async () => {
    await finish()
    const again = open()
    await again.answer(/You have finished this lab before[\s\S]*▸ echo 8/, 'q\r')
    await again.ended
    expect(await handedIn()).toEqual([expect.stringMatching(/^echo 8\d{3} >/), 'echo shown'])
    const third = open()
    await third.answer(/You have finished this lab before[\s\S]*▸ echo 8/, 'echo other\r')
    await third.answer('# echo other', 'q\r')
    await third.ended
    expect(await handedIn()).toEqual([expect.stringMatching(/^echo 8\d{3} >/), 'echo shown'])
    const fourth = open()
    await fourth.answer('You were at step 1 of 1', 'q\r')
  })

  it('keeps what was done for each of its values', async () => {
    const first = open('--student', 'alice')
    await first.answer('▸ echo 8', 'echo of-alice\r')
    await first.answer('# echo of-alice', 'q\r')
    await first.ended
    const other = open()
    await other.answer(/was with other values[\s\S]*▸ echo 8/, 'echo of-nobody\r')
    await other.answer('# echo of-nobody', 'q\r')
    await other.ended
    expect(await handedIn('--student', 'alice')).toEqual(['echo of-alice'])
    expect(await handedIn()).toEqual(['echo of-nobody'])
    expect(readdirSync(join(folder, 'state', 'labrun', 'progress')).filter((name) => name.includes('@'))).toHaveLength(
      2,
    )
  })

  it('is not held by a lock that the disk did not take', async () => {
    const words = [join(folder, 'doors.md')]
    const screen = new Screen(words, env(), { through: ['sh', '-c', 'ulimit -f 0; exec "$@"', 'sh'] })
    screens.push(screen)
    await screen.shows('▸ echo 8')
    expect(readdirSync(join(folder, 'state', 'labrun', 'progress'))).toEqual([])
  })
})
