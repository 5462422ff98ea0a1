import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checks } from '../../src/checks/index.ts'
import { loadLab } from '../../src/commands/labs.ts'
import { type Example, examplesOf, kindSections } from './guide.ts'
import { prove, shortcomings } from './prove.ts'

const guide = readFileSync(fileURLToPath(new URL('../../labs/README.md', import.meta.url)), 'utf8')
const examples = examplesOf(guide)
const sections = kindSections(guide)

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'labrun-guide-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('every example of the author’s guide', () => {
  it.each(examples.filter(({ doubt }) => !doubt))('is proven: line $line, $title', { timeout: 60_000 }, async (one) => {
    const verification = await prove(fileOf(one))
    expect(shortcomings(verification)).toEqual([])
    expect(verification.proven + verification.guards).toBe(verification.checks)
  })

  it.each(examples.filter(({ doubt }) => doubt))('is doubted as it says: line $line, $title', async (one) => {
    const { status, run, doubts } = await prove(fileOf(one))
    expect([run.status, status]).toEqual(['passed', 'failed'])
    expect(doubts.map(({ what, advice }) => `${what}\n→ ${advice}`).join('\n')).toBe(one.doubt)
  })
})

describe('the kinds of checks', () => {
  it('have a section each, and there are no others', () => {
    expect(sections.map(({ kind }) => kind).toSorted()).toEqual([...checks.keys()].toSorted())
  })

  it.each(sections)('$kind: one example, which proves it, and a word on each key', ({ kind, text }) => {
    const [one, ...others] = examplesOf(text)
    expect(others).toEqual([])
    const items = loadLab(fileOf(one!), checks).steps.flatMap((step) => step.items)
    const proving = items.filter((item) => item.kind === 'check' && item.check === kind && !item.guards)
    expect(proving).not.toEqual([])
    // `during` is a key of all that watch.
    const keys = Object.keys(checks.get(kind)!.schema.shape).filter((key) => key !== kind && key !== 'during')
    expect(keys.filter((key) => !text.includes(`| \`${key}\` |`))).toEqual([])
  })
})

function fileOf({ line, markdown }: Example): string {
  const file = join(folder, `line-${line}.md`)
  writeFileSync(file, markdown)
  return file
}
