import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const src = fileURLToPath(new URL('../../src/', import.meta.url))
const map = readFileSync(join(src, 'README.md'), 'utf8')
const rows = [...map.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1]!)

it('the map has a row for every folder and for every file at the top, and for nothing else', () => {
  const isPath = (row: string) => row.endsWith('/') || /^[\w-]+\.(ts|json)$/.test(row)
  expect(rows.filter(isPath).toSorted()).toEqual([...folders(), ...topFiles()].toSorted())
})

it('the map has a row for every file of the world program', () => {
  const files = readdirSync(join(src, 'world/program')).toSorted()
  expect(rows.filter((row) => /\.(pl|bash)$/.test(row)).toSorted()).toEqual(files)
})

it('every file that the text names is there', () => {
  const named = [...map.matchAll(/`([a-z]+\/[\w/-]+\.ts)`/g)].map((match) => match[1]!)
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter((file) => !existsSync(join(src, file)))).toEqual([])
})

it('every message that the world program understands is in the table of the channel', () => {
  const main = readFileSync(join(src, 'world/program/90-main.pl'), 'utf8')
  const table = /^my %serve = \(\n([\s\S]*?)^\);/m.exec(main)?.[1] ?? ''
  const messages = [...table.matchAll(/^ {4}(\w+) =>/gm)].map((match) => match[1]!)
  expect(messages).toContain('type')
  expect(messages.filter((message) => !new RegExp(`^\\|[^|]*\`${message}\`[^|]*\\|`, 'm').test(map))).toEqual([])
})

function folders(): string[] {
  return readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${relative(src, join(entry.parentPath, entry.name))}/`)
}

function topFiles(): string[] {
  return readdirSync(src, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'README.md')
    .map((entry) => entry.name)
}
