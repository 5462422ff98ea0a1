import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { readSubmission } from '../../src/submission/read.ts'
import { fence, frontMatter } from '../support/lab-text.ts'
import { type Ended, labrunWith } from '../support/labrun.ts'
import { eachWithScreens } from './screens.ts'

const LAB = [
  frontMatter('title: Doors', 'params: {port: {int: 8000..9000}}'),
  '## One door',
  fence('sh', 'echo {{port}} > /tmp/door', 'echo shown'),
].join('\n\n')

describe('a lab that is opened once more', { timeout: 180_000 }, () => {
  const screens = eachWithScreens()
  const file = () => join(screens.folder, 'doors.md')
  const open = (...args: string[]) => screens.open([file(), ...args], { NO_COLOR: '1' })

  beforeEach(() => writeFileSync(file(), LAB))

  async function finish(...args: string[]): Promise<void> {
    const screen = open(...args)
    await screen.answer('▸ echo 8', 'a\r')
    await screen.shows('You have finished Doors')
    await screen.ended
  }

  /** The commands that are handed in. */
  async function handedIn(...args: string[]): Promise<string[]> {
    const { status, stdout, stderr }: Ended = await labrunWith(
      { cwd: screens.folder, env: { XDG_STATE_HOME: screens.state } },
      'submit',
      'doors.md',
      ...args,
    )
    expect({ status, stderr }).toMatchObject({ status: 0 })
    const { work } = await readSubmission(join(screens.folder, /✓ (\S+\.zip) is written/.exec(stdout)![1]!))
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
    const kept = readdirSync(join(screens.state, 'labrun', 'progress'))
    expect(kept.filter((name) => name.includes('@'))).toHaveLength(2)
  })

  it('is not held by a lock that the disk did not take', async () => {
    const screen = screens.open([file()], {}, { through: ['sh', '-c', 'ulimit -f 0; exec "$@"', 'sh'] })
    await screen.shows('▸ echo 8')
    expect(readdirSync(join(screens.state, 'labrun', 'progress'))).toEqual([])
  })
})
