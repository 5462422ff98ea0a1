import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { fence, frontMatter } from '../support/lab-text.ts'
import { eachWithScreens } from './screens.ts'

const LAB = [
  frontMatter('world: isolated', 'title: Slow'),
  '## A step',
  fence('sh', 'echo one'),
  fence('yaml check', '- run: sleep 50'),
  fence('sh', 'echo two'),
].join('\n\n')

describe('Ctrl-C in the guide', () => {
  const screens = eachWithScreens()
  const file = () => join(screens.folder, 'slow.md')

  beforeEach(() => writeFileSync(file(), LAB))

  it('is for a check that takes its time', async () => {
    const screen = screens.open([file()])
    await screen.answer('▸ echo one', '\r')
    await screen.shows(/▸ echo one\s+one/)
    // The check says nothing before its end.
    await new Promise((resolve) => setTimeout(resolve, 500))
    const start = Date.now()
    screen.type('\u0003')
    await screen.answer('interrupted', 'g\r')
    expect(Date.now() - start).toBeLessThan(20_000)
    await screen.answer('▸ echo two', '\r')
    await screen.shows('The end of')
  })

  it('ends labrun while a machine is waited for', async () => {
    const bin = join(screens.folder, 'bin')
    mkdirSync(bin)
    writeFileSync(join(bin, 'ssh'), '#!/bin/sh\nexec sleep 40\n')
    chmodSync(join(bin, 'ssh'), 0o755)
    const start = Date.now()
    const screen = screens.open([file(), '--on', 'ssh:nowhere'], { PATH: `${bin}:${process.env.PATH}` })
    await screen.shows('connecting to nowhere')
    screen.type('\u0003')
    expect(await screen.ended).toBe(130)
    expect(Date.now() - start).toBeLessThan(20_000)
  })
})
