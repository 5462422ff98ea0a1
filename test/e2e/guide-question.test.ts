import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fence, frontMatter } from '../support/lab-text.ts'
import type { Screen } from './screen.ts'
import { eachWithScreens } from './screens.ts'

const PROMPT = /root@host:\S+# ?$/

const HINT = '<details><summary>Hint</summary>\n\nThe hint of the step.\n\n</details>'

describe('at a question', { timeout: 180_000 }, () => {
  const screens = eachWithScreens()

  function open(...question: string[]): Screen {
    const parts = ['## A step', fence('sh', 'echo one', 'seq 40'), HINT, fence('yaml question', ...question)]
    const text = [frontMatter('world: isolated', 'title: Asks'), ...parts, '## Another?', fence('sh', 'echo two')]
    writeFileSync(join(screens.folder, 'asks.md'), text.join('\n\n'))
    return screens.open([join(screens.folder, 'asks.md')])
  }

  async function reach(...question: string[]): Promise<Screen> {
    const screen = open(...question)
    await screen.answer('▸ echo one', 'a\r')
    await screen.shows(/Question\.[\s\S]*›$/)
    return screen
  }

  function progress() {
    const folder = join(screens.state, 'labrun', 'progress')
    const name = readdirSync(folder).find((one) => one.endsWith('.json'))!
    return JSON.parse(readFileSync(join(folder, name), 'utf8'))
  }

  it('a word asks for what it asks for elsewhere, and is no wrong answer', async () => {
    const screen = await reach('ask: How many?', 'answer: 40')
    await screen.answer('How many?', 'hint\r')
    await screen.answer('The hint of the step.', 'check\r')
    await screen.answer('labrun waits for your answer here', 'map\r')
    await screen.answer(/─ host ─[\s\S]*└─/, '?\r')
    await screen.answer('look around first', 'why\r')
    await screen.answer(/(?:labrun waits for your answer[\s\S]*){2}/, 'follow\r')
    await screen.answer('You follow already', ' next\r')
    await screen.answer('Not quite: next', 'next\r')
    await screen.shows('▸ echo two')
    expect(progress().answers).toMatchObject([{ text: '', right: null }])
    await screen.answer('▸ echo two', 'b\r')
    await screen.answer(/Step 1 of 2[\s\S]*Step 1 of 2[\s\S]*▸ echo one/, 'q\r')
  })

  it('who gives up is shown the answer and why, and goes on; it is kept that it was shown', async () => {
    const screen = await reach('ask: How many?', 'answer: [40, forty]', 'why: They were counted.')
    await screen.answer('How many?', '41\r')
    await screen.answer('Not quite: 41', 'do\r')
    await screen.shows(PROMPT)
    screen.type('solution\r')
    await screen.shows(/The answer is shown at the question: next goes[\s\S]*# ?$/)
    screen.type('next\r')
    await screen.answer(/# next[\s\S]*How many\?/, 'solution\r')
    await screen.shows(/The answer: 40 or forty\n\nThey were counted\.\n\n── Step 2/)
    expect(progress()).toMatchObject({ solutions: ['a-step'], answers: [{ text: '', right: null }] })
    await screen.shows(PROMPT)
    screen.kill()
    await screen.ended
    const again = screens.open([join(screens.folder, 'asks.md')])
    await again.answer('You were at step 2 of 2', '\r')
    await again.shows(PROMPT)
    again.type('next\r')
    await again.shows(/question not answered: How many\?/)
  })

  it.each([
    ['yes', 'answer: true'],
    ['40 ± 2', 'answer: {from: echo 40}', 'tolerance: 2'],
  ])('the answer is shown in words: %s', async (shown, ...answer) => {
    const screen = await reach('ask: Well?', ...answer)
    await screen.answer('Well?', 's\r')
    await screen.shows(`The answer: ${shown}`)
  })

  it('that was skipped is named at the end', async () => {
    const screen = await reach('ask: How many?', 'answer: 40')
    await screen.answer('How many?', '\r')
    await screen.answer('▸ echo two', '\r')
    await screen.shows(
      /You have finished Asks: 3 of 3 passed\.\n {2}- \S*asks\.md:\d+ question not answered: How many\?/,
    )
    expect(await screen.ended).toBe(0)
  })

  it('the answer is the answer where it is one of the choices', async () => {
    const screen = await reach('ask: What does a packet take?', 'choices: [next, Back, d]', 'answer: next')
    await screen.answer('What does a packet take', 'd\r')
    await screen.answer('Not quite: d', 'back\r')
    await screen.answer('Not quite: back', 'NEXT\r')
    await screen.shows('Right.')
  })

  it('one can look around in a shell, and come back; what was done there is done again', async () => {
    const screen = await reach('ask: How many?', 'answer: 40')
    await screen.answer('How many?', 'd\r')
    await screen.shows(/next: back to the question[\s\S]*root@host/)
    screen.type('ip netns add look; LOOKED=yes\r')
    await screen.shows(/LOOKED=yes\n[\s\S]*# ?$/)
    screen.type('next\r')
    await screen.shows(/How many\?[\s\S]*# next[\s\S]*How many\?[\s\S]*›$/)
    screen.kill()
    await screen.ended
    const again = screens.open([join(screens.folder, 'asks.md')])
    await again.answer('You were at step 1 of 2', '\r')
    await again.answer(/How many\?[\s\S]*›$/, 'follow\r')
    await again.answer('From here Enter runs', '40\r')
    await again.answer('▸ echo two', 'echo "$LOOKED $(ip netns list)"\r')
    await again.shows(/^ +yes look/m)
    expect(again.text()).not.toContain('Not everything is as it was')
  })

  it('the output that it is about is there again after a resume, shortened and harmless', async () => {
    const screen = await reach('ask: How many?', 'answer: 40')
    await screen.answer('How many?', 'do\r')
    await screen.shows(PROMPT)
    screen.type(`printf 'a\\033]0;owned\\007b\\033[5mc\\n'\r`)
    await screen.shows(/^abc$/m)
    screen.type('next\r')
    await screen.shows(/# next[\s\S]*How many\?[\s\S]*›$/)
    screen.close()
    await screen.ended
    const again = screens.open([join(screens.folder, 'asks.md')])
    await again.answer('You were at step 1 of 2', '\r')
    await again.shows(
      /Step 1 of 2[\s\S]*# echo one\n +one\n +# seq 40\n +1\n[\s\S]*\n +10\n +… \(20 more lines\) …\n +31\n[\s\S]*\n +40\n/,
    )
    await again.shows(/# printf[^\n]*\n +abc\n[\s\S]*How many\?[\s\S]*›$/)
    expect(again.raw).not.toMatch(/\u001b\]0;owned|\u001b\[5m/)
    again.type('40\r')
    await again.shows(/Right\.[\s\S]*Step 2 of 2[\s\S]*root@host/)
    again.kill()
    await again.ended
    // Of a step that is over nothing is shown.
    const third = screens.open([join(screens.folder, 'asks.md')])
    await third.answer(/You were at step 2 of 2: Another\?$/m, '\r')
    await third.shows(/Step 2 of 2[\s\S]*echo two[\s\S]*root@host/)
    expect(third.text()).not.toContain('# echo one')
  })
})
