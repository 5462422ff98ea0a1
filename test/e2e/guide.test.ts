import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { eachWithScreens } from './screens.ts'

const LAB = fileURLToPath(new URL('../fixtures/guide.md', import.meta.url))

describe('the guide, on a terminal', () => {
  const screens = eachWithScreens()
  const open = () => screens.open([LAB])
  const folder = () => join(screens.state, 'labrun', 'progress')
  const progress = () => JSON.parse(readFileSync(join(folder(), readdirSync(folder())[0]!), 'utf8'))

  it('shows a step at a time, and Enter runs the next command', async () => {
    const screen = open()
    await screen.answer('▸ echo one', '\r')
    expect(screen.text()).toContain('Welcome to the guide.')
    expect(screen.text()).not.toContain('Second step')
    await screen.answer('▸ MARK=kept', '  \r')
    await screen.answer('▸ echo "two $MARK"', '\r')
    await screen.shows('✓ the output is as expected')
    await screen.answer('▸ echo three', 'q\r')
    expect(await screen.ended).toBe(0)
    expect(screen.text()).toContain('Your place is kept.')
  })

  it('the shown command has been run when it was typed, with blanks around it or not; anything else is one more', async () => {
    const screen = open()
    await screen.answer('▸ echo one', 'echo  one\r')
    await screen.answer(/# echo {2}one[\s\S]*▸ echo one/, 'echo one\r')
    await screen.answer('▸ MARK=kept', '  MARK=kept  \r')
    await screen.answer('▸ echo "two $MARK"', 'echo "two $MARK"\r')
    await screen.shows('✓ the output is as expected')
    await screen.answer('▸ echo three', 'q\r')
    await screen.ended
    expect(progress()).toMatchObject({ done: 3, left: [], typed: [{ text: 'echo  one' }] })
  })

  it('explains a check that fails, takes own commands, and looks again', async () => {
    const screen = open()
    await screen.answer('▸ echo one', 'a\r')
    await screen.answer('▸ echo "two $MARK"', 'h\r')
    await screen.answer('The hint of the first step.', '\r')
    await screen.answer('▸ echo three', '\r')
    await screen.answer('The file has to be there.', 'touch /tmp/made-by-the-student\r')
    await screen.answer('How many cables', '?\r')
    await screen.answer('Anything else is your answer', 'h\r')
    await screen.answer(/no (?:further )?hint/, '11\r')
    await screen.answer('Not quite: 11', '10\r')
    await screen.answer('▸ echo last', '\r')
    await screen.answer('The end of the text.', '\r')
    await screen.shows('You have finished A lab for the guide')
    expect(await screen.ended).toBe(0)
  })

  it('goes on where it stopped, by doing everything again', async () => {
    const first = open()
    await first.answer('▸ echo one', '\r')
    await first.answer('▸ MARK=kept', 'EXTRA=mine\r')
    await first.answer('# EXTRA=mine', '\r')
    await first.answer('▸ echo "two $MARK"', 'q\r')
    await first.ended
    const second = open()
    await second.answer('You were at step 1 of 3', '\r')
    await second.answer('▸ echo "two $MARK"', 'echo "$EXTRA and $MARK"\r')
    await second.shows('mine and kept')
    expect(second.text()).not.toContain('▸ echo one')
  })

  it('can be begun anew as often as one likes', async () => {
    const screen = open()
    for (let times = 1; times <= 13; times++) {
      await screen.answer(new RegExp(`^(?:[\\s\\S]*Step 1 of 3){${times}}[\\s\\S]*▸ echo one`), 'r\r')
    }
    await screen.shows(/(?:[\s\S]*Step 1 of 3){14}/)
    expect(screen.text()).not.toContain('MaxListeners')
  })

  it('asks again what was answered wrongly', async () => {
    const first = open()
    await first.answer('▸ echo one', 'a\r')
    await first.answer('▸ echo "two $MARK"', '\r')
    await first.answer('▸ echo three', '\r')
    await first.answer('The file has to be there.', 'g\r')
    await first.answer('How many cables', '11\r')
    await first.answer('Not quite', 'q\r')
    await first.ended
    const second = open()
    await second.answer('You were at step 2 of 3', '\r')
    await second.answer('How many cables', '10\r')
    await second.shows('▸ echo last')
  })

  it('interrupts only the command on Ctrl-C, and quits at a prompt', async () => {
    const screen = open()
    await screen.answer('▸ echo one', 'sleep 60\r')
    await screen.shows('# sleep 60')
    screen.type('\u0003')
    await screen.answer(/▸ echo one[\s\S]*▸ echo one/, '\u0003')
    await screen.shows('Your place is kept.')
  })

  it('puts progress that it cannot read aside, and says so', async () => {
    const first = open()
    await first.answer('▸ echo one', '\r')
    await first.answer('▸ MARK=kept', 'q\r')
    await first.ended
    const [file] = readdirSync(folder()) as [string]
    writeFileSync(join(folder(), file), '{ broken')
    const second = open()
    await second.answer('▸ echo one', 'q\r')
    expect(second.text()).toContain('could not be read')
    const aside = readdirSync(folder()).find((name) => name.includes('unreadable'))!
    expect(readFileSync(join(folder(), aside), 'utf8')).toBe('{ broken')
  })
})
