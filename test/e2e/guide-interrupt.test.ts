import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fence, frontMatter } from '../support/lab-text.ts'
import { Screen } from './screen.ts'

const LAB = [
  frontMatter('world: isolated', 'title: Slow'),
  '## A step',
  fence('sh', 'echo one'),
  fence('yaml check', '- run: sleep 50'),
  fence('sh', 'echo two'),
].join('\n\n')

describe('Ctrl-C in the guide', () => {
  let folder: string
  let screen: Screen

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'labrun-interrupt-'))
    writeFileSync(join(folder, 'slow.md'), LAB)
  })

  afterEach(async () => {
    screen.close()
    await screen.ended
    rmSync(folder, { recursive: true, force: true })
  })

  function open(env: Record<string, string>, ...args: string[]): Screen {
    screen = new Screen([join(folder, 'slow.md'), ...args], { XDG_STATE_HOME: join(folder, 'state'), ...env })
    return screen
  }

  it('is for a check that takes its time', async () => {
    open({})
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
    mkdirSync(join(folder, 'bin'))
    writeFileSync(join(folder, 'bin', 'ssh'), '#!/bin/sh\nexec sleep 40\n')
    chmodSync(join(folder, 'bin', 'ssh'), 0o755)
    const start = Date.now()
    open({ PATH: `${join(folder, 'bin')}:${process.env.PATH}` }, '--on', 'ssh:nowhere')
    await screen.shows('connecting to nowhere')
    screen.type('\u0003')
    expect(await screen.ended).toBe(130)
    expect(Date.now() - start).toBeLessThan(20_000)
  })
})
