import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Screen, ScreenOptions } from './screen.ts'
import { eachWithScreens } from './screens.ts'

const LAB = fileURLToPath(new URL('../fixtures/teaches.md', import.meta.url))

describe('what a student sees', { timeout: 180_000 }, () => {
  const screens = eachWithScreens()
  const open = (args: readonly string[] = [LAB], env = {}, options: ScreenOptions = {}) =>
    screens.open(args, { LABRUN_PLAIN: '', ...env }, options)

  // On a machine that is too busy, where the packet died is not found out in time and not told.
  it('learns of a failure: expected, seen, where the packet died, why, then a hint; one more only after a try', async () => {
    const screen = open()
    await screen.answer('▸ ip netns add one', 'a\r')
    await screen.shows(
      /✗ ping: one -> 10\.0\.0\.2[\s\S]*expected +a reply[\s\S]*seen +1 sent, no reply[\s\S]*(?:because +two\/right is down[\s\S]*)?why +Both ends must be up\.[\s\S]*Hint: look at both ends[\s\S]*That was the last hint/,
    )
    await screen.answer('That was the last hint', 'ip -n two link set right up\r')
    await screen.answer('✓ ping: one -> 10.0.0.2', '\r')
    await screen.answer(/! ping: nowhere[\s\S]*it has to be made first[\s\S]*What is not there/, 'g\r')
    await screen.answer(/! run: kill[\s\S]*counts neither for nor against you/, 'true\r')
    await screen.answer(/(?:! run: kill[\s\S]*counts neither[\s\S]*){2}/, 'g\r')
    expect(await screen.ends('The end of A lab that teaches')).toBe(2)
    expect(screen.text()).not.toContain('never shown by itself')
    expect(screen.text()).toMatch(/trouble +could not find out: .*nowhere[\s\S]*\(there are: one, two\)/)
  })

  it('reads all of a failure once, and again where it is another one or when asking why', async () => {
    const screen = open()
    await screen.answer('▸ ip netns add one', 'a\r')
    await screen.answer('That was the last hint', 'true\r')
    await screen.answer(
      /✗ ping: one[^\n]*\n +seen +1 sent, no reply\n[^\n]*\n +\(as before; why shows all of it\)/,
      'why\r',
    )
    await screen.answer(/as before[\s\S]*expected +a reply/, 'ip -n one link set left down\r')
    await screen.shows(/as before[\s\S]*left down[\s\S]*expected +a reply[\s\S]*›$/)
    expect(screen.text().match(/as before/g)).toHaveLength(1)
  })

  it('sees on the map as new only what was not set up by the lab, and lo where it has an address', async () => {
    const lab = join(screens.folder, 'set-up.md')
    const fence = '```'
    writeFileSync(
      lab,
      `---
labrun: 1
tools: [ip]
---

# Set up

## One

${fence}sh setup
ip netns add there
${fence}

${fence}sh
ip -n there addr add 10.1.1.1/24 dev lo
ip netns add mine
${fence}

${fence}yaml check
- netns: mine
${fence}
`,
    )
    const screen = open([lab])
    await screen.answer('▸ ip -n there', 'a\r')
    await screen.shows(/┌─ there ─[\s\S]*\+ lo[\s\S]*10\.1\.1\.1\/24[\s\S]*\+ new/)
    await screen.shows(/┌─ \+ mine ─[\s\S]*│ only lo/)
  })

  it('sees what has changed on the map after a step, unless the map was turned off, which is remembered', async () => {
    const screen = open()
    await screen.answer('▸ ip netns add one', 'ip -n one link set lo up\r')
    await screen.answer('# ip -n one link', 'a\r')
    await screen.answer('That was the last hint', 'ip -n two link set right up\r')
    await screen.shows('┌─ + one')
    await screen.answer(/│ \+ left[\s\S]*\+ new/, '\r')
    await screen.shows('! ping: nowhere')
    await screen.answer('! ping: nowhere', 'm\r')
    await screen.shows('~ two/right: address 10.0.0.2/24 is gone')
    expect(colourOf(screen, /│ (\+ left)/)).toBe(28)
    await screen.answer('~ two/right: address', 'm off\r')
    await screen.answer('drawn when you ask for it', 'q\r')
    await screen.ended
    const second = open(['--restart', LAB])
    await second.answer('▸ ip netns add one', 'a\r')
    await second.answer('That was the last hint', 'ip -n two link set right up\r')
    await second.shows('▸ ip -n two addr del')
    expect(second.text()).not.toContain('+ new')
  })

  it.each([
    ['--plain', ['--plain', LAB], {}],
    ['LABRUN_PLAIN=1', [LAB], { LABRUN_PLAIN: '1' }],
    ['TERM=dumb', [LAB], { TERM: 'dumb' }],
  ])('hears everything in words, with nothing drawn over: %s', async (_, args, env) => {
    const screen = open(args, env)
    await screen.answer('Enter runs: ip netns add one', '?\r')
    await screen.answer('q: quit; labrun keeps your place.', 'a\r')
    await screen.answer(/Failed: ping: one -> 10\.0\.0\.2/, 'ip -n two link set right up\r')
    await screen.answer('Passed: ping: one', 'm\r')
    await screen.answer('host: only lo.', '\r')
    await screen.answer('Could not be found out: ping: nowhere', '\u0003')
    await screen.ends('Your place is kept.')
    expect(screen.text()).toMatch(/Put a\s+blank\s+before/)
    // One word for what waits for Enter, another one for what was run.
    expect(screen.text()).toMatch(/Command: ip -n two link set right up\n/)
    expect(screen.text()).not.toContain('Command: ip netns add one')
    for (const part of ['Step 1 of 2: Reach it', 'Seen: 1 sent, no reply', 'New: one/left (up, 10.0.0.1/24)'])
      expect(screen.text()).toContain(part)
    expect(screen.raw).not.toContain('\u001b')
    expect(screen.raw).not.toMatch(/[\u2190-\u21ff\u2500-\u27bf]|›|\r(?!\n|$)/)
  })

  it('reads all colours on white and on black', async () => {
    const screen = open()
    await screen.answer('▸ ip netns add one', 'echo own\r')
    await screen.answer('# echo own', 'a\r')
    await screen.answer('That was the last hint', 's\r')
    await screen.answer('has no solution to show', 'r\r')
    await screen.answer('This undoes', '\r')
    await screen.answer('That was the last hint', 'ip -n two link set right up\r')
    await screen.answer('✓ ping', '\r')
    await screen.shows('! ping: nowhere')
    const colours = coloursOf(screen)
    expect(colours.size).toBeGreaterThan(4)
    for (const colour of colours) {
      // The first 16 are somebody's choice for one background.
      expect(colour).toBeGreaterThan(15)
      const light = luminance(colour)
      expect(Math.min(1.05 / (light + 0.05), (light + 0.05) / 0.05)).toBeGreaterThanOrEqual(3.9)
    }
  })

  it('gets no colour with NO_COLOR', async () => {
    const screen = open([LAB], { NO_COLOR: '1' })
    await screen.answer('▸ ip netns add one', 'a\r')
    await screen.answer('That was the last hint', 'echo own\r')
    await screen.shows(/# echo own[\s\S]*›$/)
    expect(coloursOf(screen)).toEqual(new Set())
    expect(screen.raw).not.toMatch(/\u001b\[(?:3|4|9)\d[;m]/)
  })

  it('has whole words and one prompt at 40 columns, in Chinese too', async () => {
    const screen = open([LAB], {}, { cols: 40 })
    await screen.answer('▸ ip netns add one', 'echo a command that is longer than forty columns; echo and its end\r')
    await screen.shows('    and its end')
    await screen.answer('▸ ip netns add one', 'a\r')
    await screen.answer('Hint: look at both ends', '?\r')
    await screen.shows(/keeps your\s+place[\s\S]*›$/)
    const text = screen.text()
    expect(text.match(/›/g)).toHaveLength(1)
    expect(text).toMatch(/^See the manual$/m)
    expect(text).toMatch(/^[^\n]*网络命名空间/m)
    expect(text).toMatch(/seen +1 sent, no reply/)
    // What goes over the edge is only what must not be broken: commands, what they print, and addresses.
    const { active } = screen.terminal.buffer
    const rows = Array.from({ length: active.length }, (_, row) => active.getLine(row)!)
    const broken = rows
      .filter((line, row) => !line.isWrapped && rows[row + 1]?.isWrapped)
      .map((line) => line.translateToString(true))
      .filter((line) => !/^ *(▸|#|look|\(https|PING|\d+ packets|a command)/.test(line))
    expect(broken).toEqual([])
  })

  it('clicks on links where the terminal can, and reads their addresses where it cannot', async () => {
    const can = open([LAB], { FORCE_HYPERLINK: '1' })
    await can.shows('▸ ip netns add one')
    expect(can.raw).toContain('\u001b]8;;https://man7.org/linux/man-pages/man8/ip.8.html\u001b\\')
    expect(can.text()).not.toContain('man7.org')
    can.close()
    await can.ended
    const cannot = open([LAB], { FORCE_HYPERLINK: '0' })
    await cannot.shows('(https://man7.org/linux/man-pages/man8/ip.8.html)')
    expect(cannot.raw).not.toContain('\u001b]8')
  })
})

function coloursOf(screen: Screen): Set<number> {
  const { active } = screen.terminal.buffer
  const found = new Set<number>()
  for (let row = 0; row < active.length; row++) {
    const line = active.getLine(row)!
    for (let column = 0; column < line.length; column++) {
      const cell = line.getCell(column)!
      if (cell.getChars().trim() !== '' && !cell.isFgDefault()) found.add(cell.getFgColor())
      expect(cell.isBgDefault() || cell.isInverse()).toBeTruthy()
    }
  }
  return found
}

/** The colour of the first text that a pattern's group finds. */
function colourOf(screen: Screen, pattern: RegExp): number | undefined {
  const { active } = screen.terminal.buffer
  for (let row = 0; row < active.length; row++) {
    const line = active.getLine(row)!
    const match = pattern.exec(line.translateToString(true))
    if (match) return line.getCell(match.index + match[0].indexOf(match[1]!))!.getFgColor()
  }
  return undefined
}

/** Of one of the 216 colours of the cube, 0 to 1 (WCAG 2). */
function luminance(colour: number): number {
  const steps = [0, 95, 135, 175, 215, 255]
  const [red, green, blue] = [36, 6, 1].map((unit) => {
    const value = steps[Math.floor((colour - 16) / unit) % 6]! / 255
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}
