import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { closeArtefacts, openArtefacts } from '../../../src/commands/artefacts.ts'

let base = ''
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'labrun-artefacts-'))
  vi.stubEnv('XDG_STATE_HOME', base)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(base, { recursive: true })
})

it('are kept with the state of programs, in a folder for each lab', () => {
  const folder = openArtefacts('02-veth', undefined)!
  expect(folder).toBe(join(base, 'labrun/captures/02-veth'))
  writeFileSync(join(folder, '02-br0.pcap'), '')
  writeFileSync(join(folder, '01-br0.pcap'), '')
  expect(closeArtefacts(folder, undefined)).toEqual(['01-br0.pcap', '02-br0.pcap'])
})

it('are those of the last run', () => {
  const folder = openArtefacts('lab', undefined)!
  writeFileSync(join(folder, '01-br0.pcap'), '')
  writeFileSync(join(folder, 'notes.txt'), '')
  expect(openArtefacts('lab', undefined)).toBe(folder)
  expect(closeArtefacts(folder, undefined)).toEqual([])
  expect(existsSync(join(folder, 'notes.txt'))).toBe(true)
})

it('leave no empty folder, except where one was asked for', () => {
  const folder = openArtefacts('lab', undefined)!
  closeArtefacts(folder, undefined)
  expect(existsSync(folder)).toBe(false)
  const chosen = join(base, 'chosen')
  closeArtefacts(openArtefacts('a lab', chosen)!, chosen)
  expect(existsSync(join(chosen, 'a_lab'))).toBe(true)
})

it('are not kept where that is not possible, and missed only where they were asked for', () => {
  const file = join(base, 'file')
  writeFileSync(file, '')
  vi.stubEnv('XDG_STATE_HOME', file)
  expect(openArtefacts('lab', undefined)).toBeUndefined()
  expect(() => openArtefacts('lab', file)).toThrow(/ENOTDIR/)
})

it('of two runs of the same lab at the same time, the one that ends later finds the folder gone', () => {
  const [one, other] = [openArtefacts('lab', undefined)!, openArtefacts('lab', undefined)!]
  expect(closeArtefacts(one, undefined)).toEqual([])
  expect(closeArtefacts(other, undefined)).toEqual([])
})
