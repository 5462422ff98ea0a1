import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { holdLab, takeOverLab } from '../../../src/guide/lock.ts'
import { isSure } from '../../../src/lock.ts'
import { stateFolder, stateName } from '../../../src/state.ts'

const lab = { id: 'a-lab', file: '/labs/a-lab.md' }
let state: string
let before: string | undefined

beforeEach(() => {
  before = process.env.XDG_STATE_HOME
  state = mkdtempSync(join(tmpdir(), 'labrun-lock-'))
  process.env.XDG_STATE_HOME = state
})

afterEach(() => {
  if (before === undefined) delete process.env.XDG_STATE_HOME
  else process.env.XDG_STATE_HOME = before
  rmSync(state, { recursive: true, force: true })
})

const file = () => stateFolder('progress', `${stateName(lab)}.lock`)

function write(holder: object): void {
  mkdirSync(dirname(file()), { recursive: true })
  writeFileSync(file(), holderText(holder))
}

function holderText(holder: object): string {
  return JSON.stringify({ pid: 1, host: hostname(), process: '', since: new Date().toISOString(), ...holder })
}

it('lets one in, tells the other who has it, and lets the next in afterwards', async () => {
  const first = await holdLab(lab)
  expect(await holdLab(lab)).toMatchObject({ holder: { pid: process.pid, host: hostname() } })
  if ('release' in first) first.release()
  expect(await holdLab(lab)).toHaveProperty('release')
})

it('is waited for where a window is just being closed', async () => {
  const first = await holdLab(lab)
  setTimeout(() => 'release' in first && first.release(), 300)
  expect(await holdLab(lab)).toHaveProperty('release')
})

it('is held by nobody whose process is gone', async () => {
  const child = spawn('true')
  await once(child, 'close')
  write({ pid: child.pid })
  expect(await holdLab(lab)).toHaveProperty('release')
})

it('is not held by another process that has the same number by now', async () => {
  const held = await holdLab(lab)
  expect(held).toHaveProperty('release')
  const own = JSON.parse(readFileSync(file(), 'utf8'))
  write({ ...own, process: `${own.process}0` })
  expect(await holdLab(lab)).toHaveProperty('release')
})

it('is held on another computer, where nobody can look', async () => {
  write({ host: 'elsewhere' })
  const held = await holdLab(lab)
  expect(held).toMatchObject({ holder: { host: 'elsewhere' } })
  expect('holder' in held && isSure(held.holder)).toBe(false)
})

it('can be taken from a holder who is not there, whose late end takes nothing away then', async () => {
  const first = await holdLab(lab)
  const second = takeOverLab(lab)
  expect(second).toHaveProperty('release')
  // As one on another computer would have it.
  write({ host: 'elsewhere' })
  if ('release' in first) first.release()
  expect(await holdLab(lab)).toMatchObject({ holder: { host: 'elsewhere' } })
})

it('is waited for while it is being written', async () => {
  mkdirSync(dirname(file()), { recursive: true })
  const script = `: >"$0"; sleep 0.3; printf '%s' "$1" >"$0"`
  const holder = JSON.stringify({ pid: 1, host: 'elsewhere', process: '', since: '' })
  const child = spawn('sh', ['-c', script, file(), holder])
  while (!existsSync(file())) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(await holdLab(lab)).toMatchObject({ holder: { host: 'elsewhere' } })
  await once(child, 'close')
})

it('is held by nobody when half of it was written', async () => {
  write({})
  writeFileSync(file(), '{"pid":')
  expect(await holdLab(lab)).toHaveProperty('release')
})
