import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Screen } from './screen.ts'

const LAB = fileURLToPath(new URL('../fixtures/own.md', import.meta.url))

/** The prompt of the shell, with nothing typed after it. */
const PROMPT = /root@host(?:\[\w+\])?:\S+# ?$/

describe('a shell of one’s own in the guide', () => {
  let state: string
  let screens: Screen[]

  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), 'labrun-own-'))
    screens = []
  })

  afterEach(() => {
    for (const screen of screens) screen.close()
    rmSync(state, { recursive: true, force: true })
  })

  function open(...args: string[]): Screen {
    const screen = new Screen([LAB, ...args], { XDG_STATE_HOME: state, TMUX: '' })
    screens.push(screen)
    return screen
  }

  /** Types a command line at the prompt of the shell. */
  async function type(screen: Screen, text: string): Promise<void> {
    await screen.shows(PROMPT)
    screen.type(`${text}\r`)
  }

  async function begin(...args: string[]): Promise<Screen> {
    const screen = open(...args)
    await screen.answer('▸ NAME=kept', 'd\r')
    await screen.shows('This shell is yours')
    return screen
  }

  it('says after each command what holds, and goes on by itself to the next step', async () => {
    const screen = await begin()
    await type(screen, 'ip netns add net1')
    await screen.shows(/1 of 3: .*net2/)
    await type(screen, 'ip netns add net2; NAME=mine')
    await screen.shows(/2 of 3: /)
    await type(screen, 'touch /tmp/made')
    await screen.shows('3 of 3 hold: next goes on.')
    await type(screen, 'next')
    await screen.shows('Step 2 of 2')
    await screen.shows('And some more.')
    await type(screen, 'cat /tmp/from-setup')
    await screen.shows(/^mine$/m)
    await type(screen, 'ip link add veth1 type veth peer name veth2')
    await screen.shows('2 of 2 hold')
    await type(screen, 'next')
    await screen.shows('You have finished')
    expect(await screen.ended).toBe(0)
  })
})
