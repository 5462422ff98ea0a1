import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fence, frontMatter } from '../support/lab-text.ts'
import type { Screen } from './screen.ts'
import { eachWithScreens } from './screens.ts'

const PROMPT = /root@host:\S+# ?$/

describe('a terminal that is open in another window', () => {
  const screens = eachWithScreens()
  const start = (...args: string[]) => screens.open(args)
  const file = () => join(screens.folder, 'two.md')

  function open(...parts: string[]): Screen {
    writeFileSync(file(), [frontMatter('world: isolated', 'title: Two windows'), ...parts].join('\n\n'))
    return start(file())
  }

  /** Another window at the terminal `two`. */
  async function joinAt(): Promise<Screen> {
    const second = start('shell', '--terminal', 'two')
    await second.shows(PROMPT)
    return second
  }

  it('is not needed for a command of the student’s own, which is typed where the one that is shown would be', async () => {
    const first = open('## A step', fence('sh', 'WHERE=main'), fence('sh terminal=two', 'WHERE=two', 'echo end'))
    await first.answer('▸ WHERE=main', '\r')
    await first.answer('two ▸ WHERE=two', '\r')
    await first.answer('two ▸ echo end', 'echo "in $WHERE"\r')
    await first.shows(/two# echo "in \$WHERE"\s+in two/)
    await first.answer(/in two\s+two ▸ echo end/, 'h\r')
    await first.answer(/no hints\.\s+two ▸ echo end/, 'q\r')
    await first.ended
    const again = start(file())
    await again.answer('You were at', '\r')
    await again.answer('two ▸ echo end', 'q\r')
    expect(again.text()).not.toContain('Not everything is as it was')
  })

  it('gets no command that is typed in the first one after it was opened', async () => {
    const first = open('## A step', fence('sh terminal=two', 'echo one'))
    await first.shows(/two ▸ echo one[\s\S]*›$/)
    await joinAt()
    first.type('echo "typed here"\r')
    await first.shows('You have the terminal two in another window: type it there.')
    expect(first.text()).not.toMatch(/^ *typed here/m)
  })

  it('is not asked for once more when a student who does it alone says that it is done', async () => {
    const first = open('## A step', fence('sh terminal=two', 'echo one'), fence('sh', 'echo at the end'))
    await first.answer('▸ echo one', 'd\r')
    await first.shows(PROMPT)
    const second = await joinAt()
    second.type('echo one\r')
    await second.shows(/^one$/m)
    first.type('next\r')
    await first.shows(/next\s+echo at the end/)
    expect(first.text()).not.toContain('For the terminal two')
  })

  it('gets no commands from the first one, also when it was opened after the question', async () => {
    const first = open('## A step', fence('sh terminal=two', 'echo one', 'echo two'), fence('sh', 'echo at the end'))
    await first.shows(/▸ echo one[\s\S]*›$/)
    const second = await joinAt()
    first.type('\r')
    await first.shows(/For the terminal two[\s\S]*echo one\n +echo two[\s\S]*›$/)
    second.type('echo still "here"\r')
    await second.shows(/^still here$/m)
    await first.answer('For the terminal two', '\r')
    await first.answer('▸ echo at the end', '\r')
    await first.shows('The end of Two windows')
    expect(first.text().match(/For the terminal two/g)).toHaveLength(1)
  })

  it('tells with help what can be typed there', async () => {
    const first = open('## A step', fence('sh terminal=two', 'echo one'))
    await first.shows(/▸ echo one[\s\S]*›$/)
    const second = await joinAt()
    second.type('help\r')
    await second.shows(/check +look at everything now[\s\S]*are for the first window/)
    expect(second.text()).not.toMatch(/^ +(?:next|quit|follow) /m)
    second.type('h\r')
    await second.shows('h: command not found')
    second.type('m\r')
    await second.shows('Here it is the whole word: map')
    expect(second.text()).not.toContain('whole word: hint')
  })

  it('is set up by the lab when it is left', async () => {
    const first = open(
      '## A step',
      fence('sh', 'echo one'),
      '## Another',
      fence('sh setup terminal=two', 'touch /tmp/set'),
      fence('sh', 'ls /tmp/set'),
    )
    await first.shows(/▸ echo one[\s\S]*›$/)
    const second = await joinAt()
    await first.answer('▸ echo one', '\r')
    await first.shows('is set up in the terminal two')
    second.type('exit\r')
    await second.ended
    await first.answer('is set up in the terminal two', '\r')
    await first.answer('▸ ls /tmp/set', '\r')
    await first.shows('You have finished')
  })

  it('starts no block in the background from here: the student does, and it is done again with the rest', async () => {
    const job = fence('sh terminal=two background until=lab', 'sleep 1000')
    const first = open('## A step', fence('sh', 'echo one'), job, fence('sh', 'echo at the end'))
    await first.shows(/▸ echo one[\s\S]*›$/)
    const second = await joinAt()
    await first.answer('▸ echo one', '\r')
    await first.shows(/For the terminal two[\s\S]*sleep 1000/)
    second.type('sleep 1001 &\r')
    await second.shows(/\[1\]/)
    await first.answer('For the terminal two', '\r')
    await first.answer('▸ echo at the end', 'q\r')
    await first.ended
    const again = start(file())
    await again.answer('You were at', '\r')
    await again.answer('▸ echo at the end', 'pgrep -af sleep; echo listed\r')
    await again.shows(/^ +listed/m)
    expect(again.text()).toMatch(/^ +\d+ sleep 1001/m)
    expect(again.text()).not.toMatch(/\d sleep 1000/)
  })

  it('is one of the window that has the lab, also after another one has looked in', async () => {
    const first = open('## A step', fence('sh', 'ip netns add of-the-first', 'echo two'))
    await first.answer('▸ ip netns add', '\r')
    await first.shows(/▸ echo two[\s\S]*›$/)
    const other = start(file())
    await other.answer('open in another window', 'g\r')
    await other.answer(/Other windows cannot join[\s\S]*▸ ip netns add/, 'q\r')
    await other.ended
    const second = await joinAt()
    second.type('ip netns list\r')
    await second.shows(/^of-the-first/m)
  })

  it('is on the machine that is asked for, also with a number, and what labrun says there fits into the window', async () => {
    const file = join(screens.folder, 'lan.md')
    const why = 'Words that go on and on until the line is over, so that they have to be broken between two of them.'
    const check = fence('yaml check', '- netns: one', `  why: ${why}`)
    writeFileSync(
      file,
      [frontMatter('world: lan', 'title: A network'), '## A step', fence('sh', 'true'), check].join('\n\n'),
    )
    const first = start(file)
    await first.answer('▸ true', 'd\r')
    await first.shows(PROMPT)
    const wrong = start('shell', '--on', 'client', '--terminal', 'two')
    expect(await wrong.ends('two is on the host, not on client')).toBe(2)
    expect(wrong.text()).toContain('--on client --terminal 2')
    const second = start('shell', '--on', 'client', '--terminal', '2')
    await second.shows(/terminal client-2\.[\s\S]*# ?$/)
    second.type('ip -br addr show dev eth0\r')
    await second.shows(/eth0\S* +UP +192\.168\.0\.129/)
    second.type('check\r')
    await second.shows(/why +Words[^\n]* that they have\n {14}to be/)
  })

  it('is left as a shell expects it, also when the first window was killed; the title of a lab draws nothing', async () => {
    const first = open('## A step', fence('sh', 'echo one'))
    const evilFile = join(screens.folder, 'evil.md')
    writeFileSync(
      evilFile,
      ['---\nlabrun: 1\ntitle: "Evil \\e]0;owned\\a"\n---', '## A step', fence('sh', 'echo one')].join('\n\n'),
    )
    const evil = start(evilFile)
    for (const screen of [first, evil]) await screen.shows(/▸ echo one[\s\S]*›$/)
    const which = start('shell')
    await which.shows('which one?')
    const second = start('shell', 'evil')
    await second.shows(PROMPT)
    second.type('vim /tmp/text\r')
    await second.shows('"/tmp/text" [New]')
    evil.kill()
    await second.shows('the lab has ended in its first window')
    await second.ended
    expect(second.terminal.buffer.active.type).toBe('normal')
    expect(second.raw.lastIndexOf('\u001b[?2004l')).toBeGreaterThan(second.raw.lastIndexOf('\u001b[?2004h'))
    expect(`${which.raw}${second.raw}`).not.toContain('\u001b]0;owned')
  })
})
