import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { checks } from '../../src/checks/index.ts'
import { loadLab, shippedLabs } from '../../src/commands/labs.ts'
import { coverageTable, proofsOf, withTable } from './coverage.ts'

const page = fileURLToPath(new URL('../../labs/README.md', import.meta.url))
const { ids } = JSON.parse(readFileSync(new URL('../fixtures/experiments.json', import.meta.url), 'utf8')) as {
  ids: readonly string[]
}

const labs = shippedLabs().map((file) => loadLab(file, checks))
const proofs = proofsOf(labs)

it('the table of the author’s guide is up to date: `npm run labs:table` writes it', async () => {
  await expect(withTable(readFileSync(page, 'utf8'), coverageTable(labs))).toMatchFileSnapshot(page)
})

it('the steps name no experiment that there is not', () => {
  expect([...proofs.keys()].filter((id) => !ids.includes(id))).toEqual([])
})

it.each(ids)('%s is proven by a check that fails before its step', (id) => {
  expect(proofs.get(id)?.length ?? 0).toBeGreaterThan(0)
})
