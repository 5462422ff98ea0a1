import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fence, frontMatter } from '../support/lab-text.ts'
import type { Screen } from './screen.ts'
import { eachWithScreens } from './screens.ts'

const LAB = [
  frontMatter('world: isolated', 'title: Slow'),
  '## A step',
  fence('sh', 'echo started; until test -e /tmp/go; do sleep 0.05; done', 'echo next-one'),
  fence('yaml question', 'ask: How many?', 'answer: 2'),
  fence('sh', 'echo last-one'),
].join('\n\n')

describe('what is typed before it is asked for', { timeout: 180_000 }, () => {
  const screens = eachWithScreens()

  function open(...args: string[]): Screen {
    const file = join(screens.folder, 'slow.md')
    writeFileSync(file, LAB)
    return screens.open([file, ...args])
  }

  /** Types while the lab's first command is running, and lets it end. */
  async function typeAhead(screen: Screen, text: string): Promise<void> {
    await screen.answer('echo started; until', '\r')
    await screen.shows(/^ +started/m)
    screen.type(text)
    const second = screens.open(['shell', '--terminal', 'two'])
    await second.shows(/root@host:\S+# ?$/)
    second.type('touch /tmp/go\r')
  }

  it('stands at the next prompts, to be taken with Enter, one line after the other', async () => {
    const screen = open()
    await typeAhead(screen, '\r\recho "one of mine"\r\recho "two of mine"\r')
    await screen.shows(/▸ echo next-one\s+typed ahead \(1 more\) · Enter: take · Ctrl-C: not › echo "one of mine"$/)
    expect(screen.text()).not.toMatch(/^ +one of mine/m)
    screen.type('\r')
    await screen.shows(
      /^ +one of mine[\s\S]*▸ echo next-one\s+typed ahead · Enter: take · Ctrl-C: not › echo "two of mine"$/m,
    )
    screen.type('\t again\r')
    await screen.answer(/^ +two of mine again[\s\S]*▸ echo next-one/m, '\r')
    await screen.answer(/^ +next-one[\s\S]*How many\?/m, '2\r')
    await screen.shows('▸ echo last-one')
  })

  it('is no answer to a question that has come meanwhile, and waits while something else is asked', async () => {
    const screen = open()
    await typeAhead(screen, 's\recho mine\r')
    await screen.shows(/Ctrl-C: not › s$/)
    screen.type('\r')
    await screen.shows(/How many\?\s+typed ahead · Enter: take · Ctrl-C: not › echo mine$/)
    expect(screen.text()).not.toContain('Not quite')
    screen.type('\u0003')
    await screen.shows(/your answer · Enter: skip · \?: help ›$/)
    // The other window has typed something.
    screen.type('r\r')
    await screen.answer('This undoes a command of your own', 'y\r')
    await screen.shows(/Step 1 of 1[\s\S]*Step 1 of 1[\s\S]*run it · \?: help ›$/)
    expect(screen.text()).not.toMatch(/^ +mine/m)
  })

  it('waits on where something else is typed first', async () => {
    const screen = open()
    await typeAhead(screen, 'echo mine\r')
    await screen.shows(/Ctrl-C: not › echo mine$/)
    screen.type('e')
    await screen.shows(/run it · \?: help › e$|not › e$/)
    screen.type('cho "before it"\r')
    await screen.shows(/^ +before it[\s\S]*Ctrl-C: not › echo mine$/m)
    screen.type('\r')
    await screen.shows(/^ +mine[\s\S]*run it · \?: help ›$/m)
  })

  it('is not lost where several lines are pasted, and is typed in a shell of one’s own as anywhere', async () => {
    const screen = open()
    await screen.answer('echo started; until', 'touch /tmp/go\recho first\recho second\rd\recho "in $0"\r')
    await screen.shows(/typed ahead \(3 more\) · Enter: take · Ctrl-C: not › echo first$/)
    screen.type('\r')
    await screen.shows(/^ +first[\s\S]*not › echo second$/m)
    screen.type('\r')
    await screen.shows(/^ +second[\s\S]*not › d$/m)
    screen.type('\r')
    await screen.shows(/^in bash$/m)
  })

  it('is offered in words where all is plain', async () => {
    const screen = open('--plain')
    await screen.answer('Enter runs: echo started', '\r')
    await screen.shows('started')
    screen.type('\recho "mine"\recho "not mine"\r')
    const second = screens.open(['shell', '--terminal', 'two'])
    await second.shows(/root@host:\S+# ?$/)
    second.type('touch /tmp/go\r')
    await screen.shows(/Typed ahead: echo "mine"\nEnter takes it\. n: forget all that was typed ahead:$/)
    screen.type('\r')
    await screen.shows(/^ +mine$/m)
    await screen.shows(/Typed ahead: echo "not mine"\nEnter takes it[^\n]*:$/)
    expect(screen.text()).not.toMatch(/^ +not mine/m)
    screen.type('n\r')
    await screen.shows(/n\nEnter: run it\. Type \? for help:$/)
    screen.type('\r')
    await screen.shows('How many?')
    expect(screen.text()).not.toMatch(/^ +not mine/m)
  })

  it('is taken after Ctrl-Z and fg too, and Ctrl-D leaves as Ctrl-C does', async () => {
    const file = join(screens.folder, 'slow.md')
    writeFileSync(file, LAB)
    const script = 'set -m; "$@"; echo "stopped $?"; fg >/dev/null; echo "left $?"'
    const screen = screens.open([file], {}, { through: ['bash', '-c', script, 'bash'] })
    await screen.shows(/echo started; until[\s\S]*›$/)
    screen.type('\u001a')
    await screen.shows(/^stopped 148\n[\s\S]*run it · \?: help ›$/m)
    screen.type('echo "still here"\r')
    await screen.shows(/^ +still here[\s\S]*run it · \?: help ›$/m)
    screen.type('\u0004')
    await screen.shows(/Your place is kept[\s\S]*left 0/)
  })

  it('can be edited with Ctrl-U, Ctrl-E and Escape, as one is used to', async () => {
    const screen = open()
    await screen.shows(/echo started; until[\s\S]*›$/)
    screen.type('wrong\u0015echo ab\u0001\u0005c')
    await screen.shows(/› echo abc$/)
    screen.type('\u001b')
    await screen.shows(/help ›$/)
    screen.type('echo "still here"\r')
    await screen.shows(/^ +still here/m)
  })
})
